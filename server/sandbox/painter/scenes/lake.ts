import { rowingBoat } from '../figures.ts'
import { createNoise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
  ellipse,
  ground,
  mirrored,
  mix,
  path,
  radial,
  rect,
  repeat,
  stroke,
  url,
  vertical,
  wash,
  waves,
} from '../svg.ts'
import { fir } from '../trees.ts'

const SHORE = 590

/** Dawn on a mountain lake: ranges in mist, their reflection, one boat with a lantern. */
export function lake(random: Random): string {
  const sun = random.between(980, 1120)
  const ranges = repeat(6, (n) => {
    const noise = createNoise(random)
    const near = n / 5
    const base = 450 + 125 * near
    const rise = 190 - 130 * near
    const height = (x: number) => {
      // The valley: mountains step back from the sun.
      const valley = 1 - 0.86 * Math.exp(-(((x - sun) / 300) ** 2))
      return Math.min(SHORE, base - rise * valley * (0.55 + noise(x / (300 - 150 * near), 6)))
    }
    const colour = mix('#b7a0b4', '#1b2f49', near ** 0.8)
    return (
      vertical(
        `range${n}`,
        [0, colour],
        [0.55, mix(colour, '#e9bda9', 0.22)],
        [1, mix(colour, '#f3cdb0', 0.5 - 0.3 * near)],
      ) + path(ground(height, 5, SHORE + 1), url(`range${n}`))
    )
  })
  const shoreFirs = repeat(150, () => {
    const side = random.chance(0.55) ? random.between(-20, 620) : random.between(1240, 1620)
    const edge = side < 700 ? 1 - side / 660 : (side - 1200) / 420
    return fir(
      random,
      side,
      SHORE + 1,
      random.between(18, 34) + 62 * Math.max(0, edge) * random.between(0.5, 1.1),
    )
  })
  const scene =
    rect(0, 0, 1600, SHORE + 2, url('sky')) +
    repeat(70, () =>
      circle(
        random.between(0, 1600),
        random.between(0, 240),
        random.between(0.6, 1.5),
        '#fff',
        `opacity="${random.between(0.15, 0.7)}"`,
      ),
    ) +
    repeat(9, (n) =>
      ellipse(
        random.between(100, 1500),
        150 + n * 28,
        random.between(160, 380),
        random.between(4, 13),
        n % 2 ? '#f6c3ab' : '#8f8fb4',
        'filter="url(#cloud)" opacity="0.3"',
      ),
    ) +
    circle(sun, 418, 470, url('glow')) +
    circle(sun, 415, 36, '#fff4dc') +
    ranges +
    ellipse(sun, SHORE - 14, 900, 22, '#f8dcc4', 'filter="url(#mist)" opacity="0.55"') +
    path(shoreFirs, '#13243a')

  return (
    vertical(
      'sky',
      [0, '#1c335c'],
      [0.35, '#4d6793'],
      [0.62, '#a9899f'],
      [0.82, '#e9ab92'],
      [1, '#f9d3a4'],
    ) +
    radial(
      'glow',
      [0, '#ffeccb', 0.95],
      [0.18, '#ffd7a2', 0.55],
      [0.5, '#ffb98a', 0.2],
      [1, '#ff9d7a', 0],
    ) +
    vertical('water', [0, '#3f4f70', 0.1], [0.35, '#2b4061', 0.38], [1, '#0c1a30', 0.86]) +
    blur('mist', 60, 9) +
    blur('cloud', 26, 3) +
    waves('ripple', '0.006 0.11', 4, 26) +
    mirrored(scene, SHORE, 'ripple') +
    rect(0, SHORE, 1600, 420, url('water')) +
    rect(0, SHORE - 2, 1600, 3, '#f8dcc4', 'opacity="0.35"') +
    glitter(random, sun) +
    rowingBoat(random.between(560, 700), 742, url('glow')) +
    nearBank(random)
  )
}

/** The sun's path on the water, broken into dashes that widen towards the viewer. */
const glitter = (random: Random, sun: number) =>
  repeat(230, () => {
    const t = random.between(0, 1) ** 1.4
    const y = SHORE + 6 + 330 * t
    const x = sun + random.between(-1, 1) * (22 + 120 * t)
    const half = random.between(4, 10 + 34 * t)
    return stroke(
      d('M', x - half, y, 'H', x + half),
      '#ffe3b8',
      0.8 + 2 * t,
      `opacity="${random.between(0.12, 0.6) * (1 - 0.6 * t)}"`,
    )
  })

/** A dark bank with firs and reeds: something near, so that the rest is far. */
function nearBank(random: Random): string {
  const noise = createNoise(random)
  const bank = (x: number) =>
    1010 -
    150 * Math.exp(-((x / 520) ** 2)) -
    70 * Math.exp(-(((x - 1640) / 260) ** 2)) +
    7 * noise(x / 30, 3)
  const firs = [30, 118, 205, 262, 345, 1492, 1568]
    .map((x) =>
      fir(random, x, bank(x) + 12, random.between(190, 400) * (x > 1000 ? 0.62 : 1 - x / 640)),
    )
    .join('')
  const reeds = repeat(190, () => {
    const x = random.chance(0.75) ? random.between(-10, 640) : random.between(1380, 1610)
    const y = bank(x) + 8
    const lean = random.between(-16, 22)
    const tall = random.between(16, 66)
    return stroke(
      d('M', x, y, 'Q', x + lean * 0.2, y - tall * 0.6, x + lean, y - tall),
      '#0b1524',
      random.between(1, 2.4),
    )
  })
  return path(ground(bank), '#0b1524') + path(firs, '#0b1524') + reeds + wash('none')
}
