import type { Random } from './random.ts'
import { d, ellipse, mix, path, rect, repeat, stroke, url } from './svg.ts'

const FACADES = [
  '#b5533c',
  '#c98a3b',
  '#4f6f7f',
  '#a8423f',
  '#d2a65a',
  '#7d8f78',
  '#b8836b',
  '#5c5c78',
  '#c46b4a',
] as const

interface Row {
  readonly from: number
  readonly base: number
  readonly low: number
  readonly high: number
  /** How far the colours sink into the evening. */
  readonly dusk: number
  readonly width: readonly [number, number]
}

/** Gabled and mansard houses side by side; the gradient ids are the scene's. */
export function houseRow(random: Random, { from, base, low, high, dusk, width }: Row): string {
  let houses = ''
  let x = from
  while (x < 1640) {
    const wide = random.between(...width)
    houses += house(random, { x, wide, tall: random.between(low, high), base, dusk })
    x += wide + (random.chance(0.08) ? random.between(8, 40) : 0)
  }
  return houses
}

interface House {
  readonly x: number
  readonly wide: number
  readonly tall: number
  readonly base: number
  readonly dusk: number
}

function house(random: Random, { x, wide, tall, base, dusk }: House): string {
  const wall = mix(random.pick(FACADES), '#2b2448', dusk + random.between(0.08, 0.3))
  const roof = mix('#5a2f35', '#211c3a', dusk + random.between(0, 0.35))
  const eaves = base - tall
  const pitch = wide * random.between(0.42, 0.72)
  const gable = random.chance(0.62)
  const roofs = gable
    ? path(
        d('M', x - 2, eaves, 'L', x + wide / 2, eaves - pitch, 'L', x + wide + 2, eaves, 'Z'),
        wall,
      ) +
      stroke(
        d('M', x - 3, eaves + 1, 'L', x + wide / 2, eaves - pitch, 'L', x + wide + 3, eaves + 1),
        roof,
        4.5,
      )
    : path(
        d(
          'M',
          x - 3,
          eaves,
          'L',
          x + wide * 0.14,
          eaves - pitch * 0.7,
          'H',
          x + wide * 0.86,
          'L',
          x + wide + 3,
          eaves,
          'Z',
        ),
        roof,
      )
  const chimney = rect(
    x + wide * random.between(0.62, 0.76),
    eaves - pitch * 0.82,
    wide * 0.09,
    pitch * 0.6,
    roof,
  )
  const attic = gable
    ? pane(random, x + wide / 2 - wide * 0.07, eaves - pitch * 0.42, wide * 0.14, wide * 0.2, dusk)
    : ''
  return (
    chimney +
    roofs +
    rect(x, eaves, wide, tall + 14, wall) +
    rect(x, eaves, wide, tall + 14, url('sky'), 'opacity="0.1"') +
    attic +
    windows(random, { x, wide, tall, base, dusk }) +
    rect(x, eaves, 1.4, tall, '#140f26', 'opacity="0.4"')
  )
}

function windows(random: Random, { x, wide, tall, base, dusk }: House): string {
  const columns = Math.max(2, Math.round(wide / 27))
  const floors = Math.max(2, Math.floor(tall / 44))
  const cell = wide / columns
  const storey = (tall - 6) / floors
  return repeat(floors * columns, (n) => {
    const column = n % columns
    const floor = Math.floor(n / columns)
    const width = cell * 0.5
    const height = Math.min(storey * 0.58, width * 1.75)
    const left = x + cell * (column + 0.25)
    const top = base - tall + 9 + storey * floor
    const door = floor === floors - 1 && column === 0 && dusk < 0.4
    return door
      ? rect(left - 1, base - storey * 0.72, width + 3, storey * 0.74 + 12, '#2a1a26') +
          rect(left + 1, base - storey * 0.68, width - 1, storey * 0.14, '#ffd689')
      : pane(random, left, top, width, height, dusk)
  })
}

/** A window with its cross; about half of them have somebody at home. */
function pane(
  random: Random,
  x: number,
  y: number,
  width: number,
  height: number,
  dusk: number,
): string {
  const lit = random.chance(dusk > 0.4 ? 0.42 : 0.52)
  const glass = lit
    ? mix(random.pick(['#ffd37a', '#ffbe5c', '#ffe5a6', '#ffb04a']), '#5b3a55', dusk * 0.35)
    : mix('#39406a', '#1c1c3c', random.between(0, 1))
  const frame = mix('#efe6d6', '#2b2448', 0.25 + dusk * 0.75)
  const bars = d('M', x + width / 2, y, 'V', y + height, 'M', x, y + height * 0.42, 'H', x + width)
  return (
    (lit
      ? ellipse(
          x + width / 2,
          y + height / 2,
          width * 1.5,
          height * 1.1,
          url('lamp'),
          'opacity="0.3"',
        )
      : '') +
    rect(x - 1.3, y - 1.3, width + 2.6, height + 2.6, frame) +
    rect(x, y, width, height, glass) +
    stroke(bars, frame, 1) +
    rect(x - 2.4, y + height + 1.2, width + 4.8, 1.6, frame)
  )
}
