import { createNoise, type Noise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
  diagonal,
  ellipse,
  ground,
  group,
  mix,
  type Point,
  path,
  polygon,
  radial,
  repeat,
  skyline,
  stroke,
  url,
  vertical,
  wash,
} from '../svg.ts'
import { juniper } from '../trees.ts'

const STRATA = [
  '#d9773f',
  '#b9502f',
  '#e39a5c',
  '#a8442e',
  '#cf6a3a',
  '#f0b27a',
  '#93392c',
  '#c85d36',
] as const

/** A canyon at sunset: layered mesas that fade into the haze, and a river that has the sky in it. */
export function canyon(random: Random): string {
  const sun = random.between(700, 860)
  return (
    vertical(
      'sky',
      [0, '#3f5f92'],
      [0.16, '#7d82a8'],
      [0.3, '#d99f94'],
      [0.42, '#f9c283'],
      [0.5, '#ffe0a3'],
      [1, '#ffe0a3'],
    ) +
    radial(
      'glow',
      [0, '#fffbe6', 1],
      [0.1, '#ffeab0', 0.85],
      [0.4, '#ffc983', 0.32],
      [1, '#ff9f6a', 0],
    ) +
    vertical('river', [0, '#ffe3ac'], [0.35, '#e7a184'], [0.75, '#7a6a95'], [1, '#40527f']) +
    diagonal('sunlit', [0, '#ffd9a0', 0.34], [0.55, '#ffb878', 0.05], [1, '#3b1030', 0.4]) +
    vertical('shade', [0, '#2a0f2c', 0], [0.55, '#2a0f2c', 0.12], [1, '#2a0f2c', 0.62]) +
    blur('soft', 36, 5) +
    blur('haze', 70, 16) +
    wash(url('sky')) +
    repeat(11, () =>
      ellipse(
        random.between(0, 1600),
        random.between(70, 340),
        random.between(120, 430),
        random.between(3, 12),
        random.pick(['#ffd3a1', '#f3a78f', '#8f86ac']),
        'filter="url(#soft)" opacity="0.42"',
      ),
    ) +
    circle(sun, 418, 560, url('glow')) +
    circle(sun, 416, 40, '#fffbee') +
    birds(random, sun - 210) +
    repeat(5, (n) => mesas(random, n / 4, sun)) +
    river(random, sun) +
    ellipse(sun, 640, 260, 20, '#ffdba6', 'filter="url(#haze)" opacity="0.8"') +
    rim(random)
  )
}

/** Flat tops and steep sides: noise pressed into steps. */
const terraces = (noise: Noise, x: number, steps: number): number => {
  const height = (noise(x, 2) + 1) / 2
  const step = Math.floor(height * steps)
  const within = height * steps - step
  return (step + Math.min(1, Math.max(0, (within - 0.72) / 0.2))) / steps
}

/** One range of mesas, its strata clipped to its outline. */
function mesas(random: Random, near: number, sun: number): string {
  const noise = createNoise(random)
  const rough = createNoise(random)
  const base = 520 + 330 * near ** 1.3
  const rise = 130 + 300 * near
  const height = (x: number) => {
    const gap = Math.abs(x - sun) / 800
    const valley = near < 0.2 ? 0.75 : Math.min(1, (gap * (2.3 - near * 0.9)) ** 1.7)
    const top = terraces(noise, x / (330 - 60 * near) + near * 31, 5)
    return base - rise * valley * (0.28 + 0.85 * top) + (3 + 5 * near) * rough(x / 14, 3)
  }
  const outline = ground(height, 3)
  const haze = mix('#e7b093', '#7a3550', near)
  const id = `mesa${Math.round(near * 4)}`
  return (
    `<clipPath id="${id}"><path d="${outline}"/></clipPath>` +
    path(outline, mix(haze, '#b4512f', near)) +
    group(
      `clip-path="url(#${id})"`,
      strata(random, near, base - rise * 1.2),
      crevices(random, near, height),
      wash(url('sunlit'), `opacity="${0.5 + 0.5 * near}"`),
      wash(url('shade'), `opacity="${near}"`),
    ) +
    stroke(skyline(outline), '#ffe2b0', 1 + 1.2 * near, 'opacity="0.45"') +
    ellipse(
      sun,
      base + 20,
      1000,
      46,
      '#ffdba6',
      `filter="url(#haze)" opacity="${0.75 * (1 - near)}"`,
    )
  )
}

function strata(random: Random, near: number, top: number): string {
  const wave = createNoise(random)
  let bands = ''
  for (let y = top; y < 1010; y += random.between(4, 9 + 20 * near)) {
    const colour = mix('#e3a58f', random.pick(STRATA), 0.2 + 0.75 * near)
    const at = y
    bands += path(
      ground((x) => at + (5 + 9 * near) * wave(x / 260 + at * 0.004, 2), 32),
      colour,
      `opacity="${random.between(0.35, 0.95)}"`,
    )
  }
  return bands
}

/** Vertical cracks: a lit edge beside a dark one. */
const crevices = (random: Random, near: number, height: (x: number) => number) =>
  repeat(Math.round(70 + 60 * near), () => {
    const x = random.between(0, 1600)
    const top = height(x) + random.between(0, 240 * near)
    const long = random.between(8, 30 + 70 * near)
    const line = d(
      'M',
      x,
      top,
      'l',
      random.between(-4, 4),
      long * 0.5,
      'l',
      random.between(-5, 5),
      long * 0.5,
    )
    return (
      stroke(line, '#3a1228', 0.8 + 2.2 * near, `opacity="${0.08 + 0.2 * near}"`) +
      group(
        'transform="translate(-2.4 0)"',
        stroke(line, '#ffcf96', 0.6 + 0.9 * near, `opacity="${0.06 + 0.18 * near}"`),
      )
    )
  })

/** From the haze under the sun it winds towards us, wider at every bend. */
function river(random: Random, sun: number): string {
  const swing = 150 * random.between(0.8, 1.2)
  const at = (t: number) => ({
    y: 640 + 380 * t ** 1.25,
    middle: sun + 30 + swing * Math.sin(t * 5.4) * (0.25 + t),
    half: 0.6 + 108 * t ** 1.6,
  })
  const ribbon = (widen: number) => {
    const bends = Array.from({ length: 61 }, (_, n) => at(n / 60))
    const side = (sign: number) =>
      bends.map(({ y, middle, half }): Point => [middle + sign * half * widen, y])
    return polygon([...side(-1), ...side(1).reverse()])
  }
  const shimmer = repeat(120, () => {
    const t = random.between(0.1, 1)
    const { y, middle, half } = at(t)
    const x = middle + random.between(-0.8, 0.8) * half
    const dash = d('M', x, y, 'h', 4 + random.between(4, 30) * t)
    return stroke(dash, '#fff1d0', 0.6 + t, `opacity="${random.between(0.15, 0.6)}"`)
  })
  return (
    path(ribbon(1.16), '#5b2436', 'opacity="0.5"') +
    path(ribbon(1), url('river')) +
    `<clipPath id="bed"><path d="${ribbon(1)}"/></clipPath>` +
    group('clip-path="url(#bed)"', shimmer)
  )
}

const birds = (random: Random, x: number) =>
  repeat(9, (n) => {
    const size = random.between(5, 10)
    const at = d(
      'M',
      x + n * 23 + random.between(-8, 8),
      210 + Math.abs(n - 4) * 13 + random.between(-6, 6),
    )
    return stroke(
      `${at} q ${-size * 0.5} ${-size * 0.6} ${-size} ${-size * 0.1} m ${size} ${size * 0.1} q ${size * 0.5} ${-size * 0.6} ${size} ${-size * 0.1}`,
      '#4a3350',
      1.5,
    )
  })

/** The rim in front, dark, with a juniper and grass against the light. */
function rim(random: Random): string {
  const noise = createNoise(random)
  const edge = (x: number) =>
    1000 -
    215 * Math.max(0, 1 - x / 560) ** 0.8 -
    150 * Math.max(0, (x - 1180) / 440) ** 0.9 +
    12 * noise(x / 46, 4)
  const grass = repeat(260, () => {
    const x = random.chance(0.6) ? random.between(-10, 540) : random.between(1190, 1610)
    const y = edge(x) + 6
    const tall = random.between(6, 30)
    return stroke(
      d('M', x, y, 'q', random.between(-3, 3), -tall * 0.6, random.between(-12, 12), -tall),
      random.chance(0.3) ? '#c98a4e' : '#2b0f20',
      random.between(0.8, 1.8),
      'opacity="0.9"',
    )
  })
  const outline = ground(edge, 5)
  return (
    path(outline, '#2b0f20') +
    stroke(skyline(outline), '#f0a566', 2, 'opacity="0.55"') +
    grass +
    juniper(random, 1420, edge(1420) + 8)
  )
}
