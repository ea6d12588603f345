import { cabin } from '../figures.ts'
import { createNoise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
  ellipse,
  ground,
  group,
  mirrored,
  mix,
  path,
  radial,
  rect,
  repeat,
  stroke,
  url,
  vertical,
} from '../svg.ts'
import { fir } from '../trees.ts'

const SHORE = 745

/** Northern lights over snow: curtains of light, a frozen bay, one cabin awake. */
export function aurora(random: Random): string {
  const scene =
    rect(0, 0, 1600, SHORE + 2, url('sky')) +
    milkyWay(random) +
    group(
      'style="mix-blend-mode:screen"',
      curtain(random, { base: 470, swing: 105, tall: 400, strength: 0.62, tint: 'far' }),
      curtain(random, { base: 560, swing: 130, tall: 470, strength: 1, tint: 'near' }),
    ) +
    ellipse(800, 640, 900, 130, '#4fd1a5', 'filter="url(#air)" opacity="0.2"') +
    mountains(random) +
    forest(random)
  return (
    vertical('sky', [0, '#050b1f'], [0.4, '#0b1d3d'], [0.75, '#123b57'], [1, '#1d5a66']) +
    vertical(
      'near',
      [0, '#a24bd0', 0],
      [0.22, '#8d4fd6', 0.2],
      [0.52, '#2fd6a0', 0.42],
      [0.86, '#7dffc0', 0.85],
      [0.95, '#d5ffe2', 0.95],
      [1, '#7dffc0', 0],
    ) +
    vertical(
      'far',
      [0, '#5a4bd0', 0],
      [0.4, '#3f8fd0', 0.22],
      [0.85, '#4ff0c0', 0.6],
      [1, '#4ff0c0', 0],
    ) +
    vertical('ice', [0, '#12405a', 0.25], [0.5, '#0b2440', 0.5], [1, '#050d20', 0.85]) +
    radial('lamp', [0, '#ffe2a0', 0.95], [0.25, '#ffb45a', 0.4], [1, '#ff9d45', 0]) +
    blur('veil', 2.6, 7) +
    blur('air', 90, 40) +
    blur('frost', 3, 16) +
    mirrored(scene, SHORE, 'frost') +
    rect(0, SHORE, 1600, 300, url('ice')) +
    cracks(random) +
    bank(random)
  )
}

const milkyWay = (random: Random) =>
  repeat(620, () => {
    const near = random.chance(0.45)
    const x = random.between(0, 1600)
    const y = near
      ? 60 + x * 0.2 + random.between(-1, 1) * random.between(10, 130)
      : random.between(0, 560)
    const colour = random.pick(['#ffffff', '#cfe3ff', '#fff1d6', '#d8fff0'])
    const size = random.chance(0.06) ? random.between(1.5, 2.4) : random.between(0.4, 1.3)
    return circle(x, y, size, colour, `opacity="${random.between(0.25, 0.95)}"`)
  })

interface Curtain {
  readonly base: number
  readonly swing: number
  readonly tall: number
  readonly strength: number
  readonly tint: string
}

/** Rays side by side along a winding foot; where the curtain folds they crowd and brighten. */
function curtain(random: Random, { base, swing, tall, strength, tint }: Curtain): string {
  const foot = createNoise(random)
  const ray = createNoise(random)
  const fold = createNoise(random)
  const rays = repeat(420, (n) => {
    const t = n / 420
    const x = -120 + 1840 * t + 90 * fold(t * 6)
    const y = base + swing * foot(t * 4.2, 2) - 150 * t
    const bright =
      strength *
      (0.25 + 0.75 * Math.max(0, ray(t * 46, 3) * 0.6 + 0.5)) *
      (0.45 + 0.55 * Math.sin(Math.PI * Math.min(1, t * 1.04)))
    const height = tall * (0.55 + 0.45 * ray(t * 19 + 80, 2))
    return rect(
      x,
      y - height,
      8.5,
      height + 16,
      url(tint),
      `opacity="${Math.min(1, bright).toFixed(2)}"`,
    )
  })
  return group('filter="url(#veil)"', rays)
}

function mountains(random: Random): string {
  return repeat(3, (n) => {
    const noise = createNoise(random)
    const height = (x: number) => {
      const ridge = 1 - Math.abs(noise(x / (250 - 40 * n) + n * 9, 5)) * 1.5
      return 690 + 18 * n - (165 - 48 * n) * Math.max(0.05, ridge)
    }
    const rock = mix('#1d4a63', '#0a1a30', n / 2)
    return (
      vertical(
        `slope${n}`,
        [0, mix('#8fd8d0', '#3a7d8c', n / 2)],
        [0.34, rock],
        [1, mix(rock, '#2a7078', 0.3)],
      ) +
      path(ground(height, 4, SHORE + 1), url(`slope${n}`)) +
      flanks(random, height, n)
    )
  })
}

/** Snow on the sides that face the light. */
const flanks = (random: Random, height: (x: number) => number, n: number) =>
  repeat(190, () => {
    const x = random.between(-10, 1610)
    const top = height(x)
    if (top > 660) return ''
    const long = random.between(8, 46) * (1 - n * 0.2)
    const lean = random.between(-16, 4)
    return path(
      d(
        'M',
        x,
        top + 1,
        'L',
        x + lean,
        top + long,
        'L',
        x + lean + random.between(3, 9),
        top + long * 0.7,
        'Z',
      ),
      '#c8fff0',
      `opacity="${random.between(0.08, 0.32)}"`,
    )
  })

const forest = (random: Random) =>
  path(
    repeat(330, () => {
      const x = random.between(-20, 1620)
      const bay = Math.min(1, Math.abs(x - 860) / 560)
      return fir(random, x, SHORE + 2, random.between(12, 26) + 40 * bay * random.between(0.3, 1))
    }),
    '#061325',
  )

const cracks = (random: Random) =>
  repeat(60, () => {
    const x = random.between(0, 1600)
    const y = random.between(SHORE + 14, 960)
    const t = (y - SHORE) / 255
    return stroke(
      d(
        'M',
        x,
        y,
        'l',
        random.between(30, 130) * (0.4 + t),
        random.between(-6, 6),
        'l',
        random.between(20, 70),
        random.between(-10, 12),
      ),
      '#bff5e6',
      0.5 + t,
      `opacity="${random.between(0.05, 0.22)}"`,
    )
  })

/** Snow in front, with a cabin, its light on the snow, and firs that carry some. */
function bank(random: Random): string {
  const noise = createNoise(random)
  const snow = (x: number) =>
    905 -
    66 * Math.exp(-(((x - 1290) / 330) ** 2)) -
    30 * Math.exp(-(((x - 60) / 260) ** 2)) +
    10 * noise(x / 140, 3)
  const firs = [40, 104, 176, 250, 1010, 1082, 1430, 1496, 1562]
    .map((x) => {
      const height = random.between(120, 250) * (Math.abs(x - 1290) < 230 ? 0.75 : 1)
      return (
        path(fir(random, x, snow(x) + 10, height), '#05101f') +
        path(fir(random, x - 2, snow(x) + 4, height * 0.98), '#7fd8d0', 'opacity="0.07"')
      )
    })
    .join('')
  const at = snow(1260)
  return (
    vertical('snow', [0, '#7cc4c4'], [0.25, '#3b7f92'], [1, '#0d2440']) +
    path(ground(snow), url('snow')) +
    repeat(420, () => {
      const x = random.between(0, 1600)
      return circle(
        x,
        snow(x) + random.between(3, 100),
        random.between(0.4, 1.3),
        '#e9fff8',
        `opacity="${random.between(0.1, 0.6)}"`,
      )
    }) +
    firs +
    ellipse(1262, at + 20, 150, 22, url('lamp'), 'opacity="0.75"') +
    cabin(1205, at - 46, url('lamp'))
  )
}
