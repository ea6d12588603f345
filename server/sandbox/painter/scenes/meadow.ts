import { flower } from '../flowers.ts'
import { createNoise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
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
import { fir } from '../trees.ts'

/** A meadow on a summer evening: hills behind hills, one great tree, flowers up to the knee. */
export function meadow(random: Random): string {
  const sun = random.between(1090, 1230)
  return (
    vertical(
      'sky',
      [0, '#4c86b8'],
      [0.2, '#8fb9cf'],
      [0.36, '#e9d6b4'],
      [0.5, '#ffd691'],
      [1, '#ffd691'],
    ) +
    radial(
      'glow',
      [0, '#fffbe2', 1],
      [0.12, '#fff2bf', 0.75],
      [0.45, '#ffe2a0', 0.25],
      [1, '#ffdf9a', 0],
    ) +
    radial('puff', [0, '#ffffff', 0.95], [0.6, '#fff6e6', 0.6], [1, '#fff1dd', 0]) +
    radial('belly', [0, '#a9b4cf', 0.55], [1, '#b9c0d6', 0]) +
    blur('haze', 70, 14) +
    blur('shadow', 26, 6) +
    wash(url('sky')) +
    cloud(random, 330, 190, 1.15) +
    cloud(random, 820, 120, 0.62) +
    cloud(random, 1440, 235, 0.9) +
    cloud(random, 80, 330, 0.5) +
    cloud(random, 690, 315, 0.42) +
    circle(sun, 400, 520, url('glow')) +
    circle(sun, 398, 44, '#fffdf0') +
    repeat(6, (n) => hill(random, n / 5, sun)) +
    oak(random, 420, 690) +
    grass(random)
  )
}

/** Round heads in the sun, a flat and bluish underside. */
function cloud(random: Random, x: number, y: number, size: number): string {
  const heads = repeat(34, () => {
    const across = random.between(-1, 1)
    const lift = (1 - across * across) * random.between(0, 1)
    const r = (26 + 46 * (1 - Math.abs(across))) * random.between(0.6, 1.1)
    return circle(x + across * 190 * size, y - lift * 74 * size, r * size, url('puff'))
  })
  return group(
    'opacity="0.86"',
    heads,
    ellipse(x, y + 26 * size, 190 * size, 26 * size, url('belly')),
  )
}

function hill(random: Random, near: number, sun: number): string {
  const noise = createNoise(random)
  const base = 505 + 265 * near ** 1.25
  const height = (x: number) =>
    base - (62 - 14 * near) * noise(x / (430 - 90 * near) + near * 17, 2)
  const colour = mix('#b9c0a4', '#6a8f35', near ** 0.7)
  const id = `hill${Math.round(near * 5)}`
  return (
    vertical(
      id,
      [0, mix(colour, '#ffe59a', 0.5)],
      [0.16, colour],
      [1, mix(colour, '#28502a', 0.7 * near)],
    ) +
    path(ground(height), url(id)) +
    (near > 0.1 ? fields(random, near, height) : '') +
    woods(random, near, height) +
    ellipse(sun, base + 20, 760, 24, '#fff0c0', `filter="url(#haze)" opacity="${0.7 * (1 - near)}"`)
  )
}

/** Mown stripes that follow the lie of the land. */
const fields = (random: Random, near: number, height: (x: number) => number) =>
  repeat(26, () => {
    const from = random.between(-60, 1500)
    const below = random.between(6, 20 + 110 * near)
    const long = random.between(90, 420)
    const line = [0, 0.25, 0.5, 0.75, 1].map((t) =>
      d(from + long * t, height(from + long * t) + below + 5 * t),
    )
    return stroke(
      `M${line.join('L')}`,
      random.pick(['#f5e6a0', '#2f6634', '#c6d77a', '#89b04e']),
      1 + 3.4 * near,
      `opacity="${random.between(0.1, 0.32)}" stroke-linejoin="round"`,
    )
  })

/** Copses: mounds of small crowns, the later ones smaller and lit from the side of the sun. */
function woods(random: Random, near: number, height: (x: number) => number): string {
  const size = 6 + 20 * near
  const dark = mix('#8fa99a', '#2a5230', near)
  return repeat(9, () => {
    const middle = random.between(-60, 1660)
    const half = size * random.between(1.6, 6.5)
    if (near > 0.7 && middle > 60 && middle < 780) return ''
    const crowns = (count: number, scale: number, lift: number, light: number) =>
      repeat(count, () => {
        const across = random.between(-1, 1)
        const mound = Math.sqrt(1 - across * across) * (0.7 + 0.3 * Math.sin(across * 9 + middle))
        const x = middle + across * half + lift * size * 0.3
        const y = height(x) - size * mound * random.between(0.1, 1) * 1.5 - lift * size * 0.2
        const colour = mix(dark, '#e8dd86', light * random.between(0.4, 1))
        const r = size * scale * random.between(0.6, 1.2)
        return ellipse(x, y + size * 0.3, r, r * 0.8, colour)
      })
    const tall = repeat(Math.round(half / size), () => {
      const x = middle + random.between(-0.9, 0.9) * half
      return random.chance(0.45)
        ? path(
            fir(random, x, height(x) + 3, size * random.between(2.4, 4)),
            mix(dark, '#1d3f33', 0.35),
          )
        : ''
    })
    const shade = ellipse(
      middle - half * 0.25,
      height(middle) + size * 0.55,
      half * 1.25,
      size * 0.4,
      '#1f4a26',
      `filter="url(#shadow)" opacity="${0.3 + 0.4 * near}"`,
    )
    const count = Math.round((half / size) * 9)
    return (
      shade +
      tall +
      crowns(count, 0.5, 0, 0.05) +
      crowns(count, 0.36, 0.5, 0.22) +
      crowns(count, 0.2, 1.1, 0.55)
    )
  })
}

type Bough = readonly [x: number, y: number, radius: number]
type Boughs = readonly [Bough, ...Bough[]]

/** Hundreds of leaf clusters, dark ones first, then those that catch the sun on the right. */
function oak(random: Random, x: number, y: number): string {
  const boughs: Boughs = [
    [-96, -196, 74],
    [-40, -270, 84],
    [48, -284, 82],
    [112, -206, 72],
    [8, -196, 92],
    [-124, -140, 46],
    [146, -146, 44],
  ]
  const leaves = (
    count: number,
    colours: readonly [string, ...string[]],
    shift: number,
    spread: number,
  ) =>
    repeat(count, () => {
      const [bx, by, r] = random.pick(boughs)
      const angle = random.between(0, 6.283)
      const out = Math.sqrt(random.between(0, 1)) * r * spread
      return ellipse(
        bx + shift + Math.cos(angle) * out,
        by - shift * 0.8 + Math.sin(angle) * out,
        random.between(2.5, 7),
        random.between(2, 4.6),
        random.pick(colours),
        'opacity="0.9"',
      )
    })
  return (
    ellipse(x - 90, y + 12, 250, 17, '#17401f', 'filter="url(#shadow)" opacity="0.75"') +
    group(
      `transform="translate(${x} ${y})"`,
      path(
        'M-25 12 Q-12 -40 -15 -96 Q-26 -150 -84 -184 L-78 -192 Q-24 -168 -8 -138 Q-10 -190 -32 -236 L-22 -240 Q2 -196 4 -142 Q22 -188 74 -214 L80 -204 Q26 -168 17 -96 Q13 -40 31 12Z',
        '#46351f',
      ),
      stroke('M8 4 Q6 -50 9 -110', '#a98652', 4, 'opacity="0.5"'),
      leaves(1000, ['#23471f', '#2c5524', '#1e3f20'], -7, 1.06),
      leaves(950, ['#3f7330', '#4c8034', '#376a2c'], 5, 0.94),
      leaves(620, ['#7fa844', '#9dbb52', '#6a9a3d', '#c3cf6a'], 20, 0.78),
    )
  )
}

const STEMS = ['#2f6a2c', '#4b8a35', '#7aa63f', '#a5bd52', '#1f4f26'] as const

/** Blades and flowers from far to near, so that the near ones stand in front. */
const grass = (random: Random) =>
  repeat(1500, (n) => {
    const t = n / 1500
    const y = 790 + 230 * t + random.between(-8, 8)
    const x = random.between(-20, 1620)
    const tall = (16 + 84 * t * t) * random.between(0.6, 1.2)
    const lean = random.between(-0.34, 0.42) * tall
    const colour = mix(random.pick(STEMS), '#17381f', 0.35 * t)
    const blade = stroke(
      d('M', x, y, 'q', lean * 0.15, -tall * 0.6, lean, -tall),
      colour,
      0.9 + 2.1 * t,
      'opacity="0.92"',
    )
    return random.chance(0.26) ? blade + flower(random, x + lean, y - tall, 1.8 + 8.5 * t) : blade
  })
