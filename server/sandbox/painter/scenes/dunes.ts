import { walker } from '../figures.ts'
import { createNoise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
  diagonal,
  ellipse,
  ground,
  group,
  mix,
  path,
  radial,
  repeat,
  stroke,
  url,
  vertical,
  wash,
} from '../svg.ts'

/** First light over a sand sea: every dune has a side in the sun and one in the shade. */
export function dunes(random: Random): string {
  const sun = random.between(330, 460)
  const noise = createNoise(random)
  const rows = [
    { depth: 0, y: 505, dunes: 9, rise: 34 },
    { depth: 0.25, y: 545, dunes: 7, rise: 66 },
    { depth: 0.5, y: 615, dunes: 5, rise: 112 },
    { depth: 0.76, y: 735, dunes: 3, rise: 168 },
  ]
  return (
    vertical(
      'sky',
      [0, '#5c7fa8'],
      [0.2, '#93a5bd'],
      [0.38, '#d9bfb3'],
      [0.5, '#f8d0a0'],
      [1, '#f8d0a0'],
    ) +
    radial(
      'glow',
      [0, '#fff6dd', 1],
      [0.12, '#ffe7b6', 0.8],
      [0.4, '#ffcf8f', 0.32],
      [1, '#ffb877', 0],
    ) +
    blur('soft', 40, 5) +
    blur('haze', 60, 12) +
    wash(url('sky')) +
    repeat(8, (n) =>
      ellipse(
        random.between(100, 1500),
        120 + n * 34,
        random.between(140, 420),
        random.between(3, 9),
        n % 3 ? '#ffe6cf' : '#8b93b0',
        'filter="url(#soft)" opacity="0.3"',
      ),
    ) +
    circle(sun, 430, 620, url('glow')) +
    circle(sun, 430, 42, '#fffaf0') +
    path(
      ground((x) => 492 - 62 * Math.max(0, noise(x / 210, 5) + 0.15)),
      '#b99a9c',
      'opacity="0.75"',
    ) +
    path(
      ground((x) => 504 - 46 * Math.max(0, noise(x / 150 + 40, 5) + 0.1)),
      '#a98488',
      'opacity="0.7"',
    ) +
    rows.map((row) => duneRow(random, row)).join('') +
    foreground(random)
  )
}

interface Row {
  readonly depth: number
  readonly y: number
  readonly dunes: number
  readonly rise: number
}

function duneRow(random: Random, { depth, y, dunes: count, rise }: Row): string {
  const lit = mix('#f3c795', '#ee9d55', depth)
  const shade = mix('#c79587', '#7a4450', depth)
  const id = `row${Math.round(depth * 100)}`
  const spacing = 1900 / count
  const row = repeat(count, (n) => {
    const peak = -150 + spacing * (n + random.between(0.2, 0.8))
    const top = y - rise * random.between(0.6, 1.25)
    const reach = spacing * random.between(0.85, 1.2)
    return dune({
      peak,
      top,
      reach,
      foot: y + rise * 0.62,
      lit: url(`${id}lit`),
      shade: url(`${id}shade`),
      bend: random.between(-0.12, 0.16),
      depth,
    })
  })
  return (
    diagonal(`${id}lit`, [0, mix(lit, '#ffe9c4', 0.55)], [0.5, lit], [1, mix(lit, shade, 0.25)]) +
    vertical(`${id}shade`, [0, mix(shade, '#4a2f4a', 0.25 * depth)], [1, mix(shade, lit, 0.55)]) +
    path(
      ground((x) => y + rise * 0.35 + 8 * Math.sin(x / 160 + depth * 9)),
      mix(lit, shade, 0.3),
    ) +
    row +
    ellipse(
      800,
      y + rise * 0.62,
      1100,
      14 + 20 * (1 - depth),
      '#ffdcb0',
      `filter="url(#haze)" opacity="${0.5 - 0.42 * depth}"`,
    )
  )
}

interface Dune {
  readonly peak: number
  readonly top: number
  readonly reach: number
  readonly foot: number
  readonly lit: string
  readonly shade: string
  /** How far the crest swings out on its way down. */
  readonly bend: number
  readonly depth: number
}

/** Windward slope in the light, slip face in the shade, and the crest that winds between them. */
function dune({ peak, top, reach, foot, lit, shade, bend, depth }: Dune): string {
  const rise = foot - top
  const crest = [
    'C',
    peak + reach * (0.16 + bend),
    top + rise * 0.3,
    peak - reach * (0.2 + bend * 0.8),
    top + rise * 0.6,
    peak + reach * (0.1 + bend),
    foot,
  ] as const
  const slope = [
    'M',
    peak - reach,
    foot,
    'C',
    peak - reach * 0.55,
    foot - rise * 0.16,
    peak - reach * 0.3,
    top + rise * 0.12,
    peak,
    top,
  ] as const
  return (
    path(
      d(
        ...slope,
        'C',
        peak + reach * 0.14,
        top + rise * 0.2,
        peak + reach * 0.3,
        foot - rise * 0.1,
        peak + reach * 0.75,
        foot,
        'Z',
      ),
      shade,
    ) +
    path(d(...slope, ...crest, 'Z'), lit) +
    stroke(d('M', peak, top, ...crest), '#fff0d0', 0.8 + 1.4 * depth, 'opacity="0.55"') +
    stroke(d(...slope), '#fff3da', 0.6 + depth, 'opacity="0.4"')
  )
}

/** The dune we stand on, with the ripples of the wind and a line of footprints to a walker. */
function foreground(random: Random): string {
  const noise = createNoise(random)
  const crest = (x: number) =>
    850 - 120 * Math.exp(-(((x - 1180) / 520) ** 2)) + 46 * Math.sin(x / 330 + 0.6)
  const ripples = repeat(64, (n) => {
    const t = n / 64
    const line: (string | number)[] = []
    for (let x = -20; x <= 1620; x += 20) {
      const y =
        crest(x) +
        10 +
        330 * t ** 1.35 +
        (3 + 9 * t) * noise(x / 90 + n * 0.23 + 3 * noise(x / 400 + n * 0.05), 2)
      line.push(x === -20 ? 'M' : 'L', x, y)
    }
    return (
      stroke(
        d(...line),
        '#fff0cf',
        0.7 + 1.5 * t,
        `opacity="${0.16 + 0.14 * random.between(0, 1)}"`,
      ) +
      group(
        `transform="translate(0 ${2 + 3 * t})"`,
        stroke(d(...line), '#6d3340', 0.8 + 2 * t, 'opacity="0.2"'),
      )
    )
  })
  const figure = 1050
  const at = crest(figure) + 2
  const steps = repeat(46, (n) => {
    const t = n / 45
    const x = figure + 10 + 270 * t ** 1.5 + (n % 2 ? 1 : -1) * (0.8 + 4 * t)
    return ellipse(
      x,
      crest(x) + 2 + 185 * t ** 1.7,
      1.2 + 5 * t,
      0.7 + 2.4 * t,
      '#6d3340',
      'opacity="0.5"',
    )
  })
  return (
    diagonal('near', [0, '#ffd9a0'], [0.45, '#ee9f58'], [1, '#a85845']) +
    path(ground(crest, 8), url('near')) +
    ripples +
    steps +
    walker(figure, at)
  )
}
