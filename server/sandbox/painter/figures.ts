import { circle, d, ellipse, group, mix, path, rect, repeat, stroke, url } from './svg.ts'

/* What people have left in the landscapes. */

/** Somebody on foot, the early sun on one shoulder and a long shadow. */
export const walker = (x: number, y: number) =>
  group(
    `transform="translate(${x} ${y})"`,
    path('M-3 0 L210 58 L214 50 L4 -6Z', '#5b2c40', 'opacity="0.35"'),
    path('M-5 0 L-3 -17 Q-7 -32 0 -36 Q7 -32 4 -17 L6 0 L2 0 L0.5 -13 L-1.5 0Z', '#2f2234'),
    circle(0.4, -41, 4.6, '#2f2234'),
    stroke('M-3.4 -33 Q-6 -26 -4.6 -18', '#ffd49a', 1.1),
  )

/** Somebody rowing out with a lantern, `glow` around it. */
export const rowingBoat = (x: number, y: number, glow: string) =>
  group(
    `transform="translate(${x} ${y})"`,
    ellipse(0, 14, 84, 5, '#0a1526', 'opacity="0.5"'),
    path('M-74 -6 Q-70 12 -48 13 H46 Q68 12 78 -10 Q40 0 0 0 Q-44 0 -74 -6Z', '#16181f'),
    stroke('M-74 -6 Q-44 0 0 0 Q40 0 78 -10', '#caa27f', 1.6, 'opacity="0.75"'),
    path('M-14 0 Q-16 -22 -8 -30 Q0 -34 6 -28 Q12 -18 12 0Z', '#1d2331'),
    circle(-2, -38, 7.5, '#1b1f2b'),
    stroke('M4 -22 L44 16 M4 -22 L-46 18', '#2a2a30', 2.4),
    circle(52, -22, 62, glow, 'opacity="0.7"'),
    stroke('M52 -4 V-18', '#2a2a30', 2),
    circle(52, -21, 4.2, '#fff3cf'),
    repeat(7, (n) =>
      stroke(
        d('M', 52 - 15 + n * 1.5, 22 + n * 9, 'H', 52 + 15 - n * 1.5),
        '#ffd89a',
        1.6,
        `opacity="${0.6 - n * 0.075}"`,
      ),
    ),
  )

/** A log cabin in the snow with smoke, its windows lit by `glow`. */
export const cabin = (x: number, y: number, glow: string) =>
  group(
    `transform="translate(${x} ${y})"`,
    rect(4, 2, 112, 56, '#2a1b1f'),
    repeat(7, (n) => stroke(d('M4', 8 + n * 8, 'H116'), '#180f16', 1.4)),
    path('M-10 6 L24 -44 H98 L130 6Z', '#d4f5ee'),
    path('M-10 6 L-12 10 L132 10 L130 6Z', '#5a8f9c'),
    rect(86, -66, 12, 30, '#2a1b1f') + rect(84, -68, 16, 5, '#d4f5ee'),
    repeat(9, (n) =>
      circle(
        93 + n * 5 + 3 * Math.sin(n),
        -76 - n * 14,
        5 + n * 2.4,
        '#cfe9ee',
        `opacity="${0.2 - n * 0.02}"`,
      ),
    ),
    [18, 72]
      .map(
        (left) =>
          rect(left, 20, 24, 20, '#ffd27c') +
          stroke(d('M', left + 12, '20 V40 M', left, '30 H', left + 24), '#3a2420', 1.6) +
          circle(left + 12, 30, 60, glow, 'opacity="0.55"'),
      )
      .join(''),
  )

/** A moored boat with furled sail, rigging, cabin lights and its own reflection. */
export function sailingBoat(x: number, y: number, size: number, colour: string): string {
  const hull = mix(colour, '#1a1738', 0.35)
  const boat =
    path('M-92 -16 Q-82 14 -56 17 H58 Q82 14 100 -26 Q60 -15 0 -14Z', hull) +
    stroke('M-92 -16 Q0 -12 100 -26', '#f3e3c8', 2.2, 'opacity="0.8"') +
    stroke('M-78 4 Q0 10 84 -2', '#f3e3c8', 1, 'opacity="0.4"') +
    path('M-42 -14 L-36 -32 H26 L36 -16Z', '#e3d6c2') +
    repeat(
      3,
      (n) =>
        rect(-29 + n * 19, -28, 11, 8, '#ffc96d') +
        circle(-23 + n * 19, -24, 22, url('lamp'), 'opacity="0.45"'),
    ) +
    stroke('M6 -30 V-236', '#2a2038', 3.4) +
    stroke('M6 -58 L-84 -52', '#2a2038', 3) +
    path('M4 -62 L-80 -56 Q-40 -70 4 -72Z', '#d8c6b4') +
    stroke(
      'M6 -232 L98 -26 M6 -232 L-90 -18 M6 -150 L-44 -16 M6 -150 L60 -18 M-22 -138 H34',
      '#1d1730',
      0.9,
    ) +
    circle(6, -238, 3, '#fff0c4') +
    circle(6, -238, 24, url('lamp'), 'opacity="0.7"')
  return (
    group(
      `transform="translate(${x} ${y + 16 * size}) scale(${size} ${-size * 0.62}) translate(0 -14)" opacity="0.34" filter="url(#waves)"`,
      boat,
    ) +
    ellipse(x + 4, y + 16 * size, 96 * size, 5 * size, '#0a0c22', 'opacity="0.7"') +
    group(`transform="translate(${x} ${y}) scale(${size})"`, boat)
  )
}
