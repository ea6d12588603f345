import { sailingBoat } from '../figures.ts'
import { houseRow } from '../houses.ts'
import { createNoise, type Random } from '../random.ts'
import {
  blur,
  circle,
  d,
  ellipse,
  ground,
  mirrored,
  path,
  radial,
  rect,
  repeat,
  stroke,
  url,
  vertical,
  waves,
} from '../svg.ts'

const QUAY = 610

/** An old harbour at dusk: gabled houses with lit windows, lamps, boats, and all of it in the water. */
export function harbour(random: Random): string {
  const hills = createNoise(random)
  const town =
    rect(0, 0, 1600, QUAY + 4, url('sky')) +
    stars(random) +
    repeat(10, (n) =>
      ellipse(
        random.between(0, 1600),
        210 + n * 30,
        random.between(150, 460),
        random.between(4, 15),
        n % 2 ? '#f3a58c' : '#6c5b8c',
        'filter="url(#cloud)" opacity="0.4"',
      ),
    ) +
    circle(1235, 150, 150, url('moonlight')) +
    circle(1235, 150, 26, '#fff6e2') +
    path(
      ground((x) => 500 - 70 * Math.max(0, hills(x / 260, 5) + 0.35), 6, QUAY),
      '#54486f',
    ) +
    path(
      ground((x) => 535 - 55 * Math.max(0, hills(x / 190 + 60, 5) + 0.3), 6, QUAY),
      '#41375a',
    ) +
    houseRow(random, {
      from: -30,
      base: QUAY - 36,
      low: 70,
      high: 150,
      dusk: 0.62,
      width: [34, 60],
    }) +
    houseRow(random, {
      from: -50,
      base: QUAY - 12,
      low: 150,
      high: 285,
      dusk: 0.2,
      width: [66, 116],
    }) +
    quay(random)

  return (
    vertical(
      'sky',
      [0, '#141b3f'],
      [0.3, '#3c3b73'],
      [0.55, '#8a5a8c'],
      [0.76, '#e08a7d'],
      [0.92, '#f9bf85'],
      [1, '#fbd29b'],
    ) +
    vertical('water', [0, '#251f45', 0.22], [0.4, '#161a3c', 0.5], [1, '#0a0f26', 0.9]) +
    radial('moonlight', [0, '#fff3d6', 0.55], [0.3, '#f6cfc0', 0.18], [1, '#f6cfc0', 0]) +
    radial('lamp', [0, '#ffe9b0', 0.95], [0.25, '#ffc469', 0.42], [1, '#ff9d45', 0]) +
    blur('cloud', 30, 4) +
    waves('waves', '0.008 0.09', 11, 34) +
    mirrored(town, QUAY + 3, 'waves') +
    rect(0, QUAY + 3, 1600, 400, url('water')) +
    glints(random) +
    sailingBoat(random.between(300, 380), 700, 1, '#8c2f39') +
    sailingBoat(random.between(690, 780), 676, 0.78, '#e6e2d8') +
    sailingBoat(random.between(1090, 1190), 730, 1.18, '#24506b') +
    sailingBoat(random.between(1440, 1500), 672, 0.7, '#c88a2e')
  )
}

const stars = (random: Random) =>
  repeat(110, () => {
    const y = random.between(0, 330)
    return circle(
      random.between(0, 1600),
      y,
      random.between(0.6, 1.6),
      '#fff4e0',
      `opacity="${random.between(0.2, 0.9) * (1 - y / 400)}"`,
    )
  })

/** The quay wall, its stones, bollards and lamps. */
function quay(random: Random): string {
  const stones = repeat(150, () => {
    const x = random.between(-10, 1600)
    return rect(
      x,
      QUAY - 9 + 4 * Math.floor(random.between(0, 4)),
      random.between(8, 24),
      3.2,
      random.chance(0.5) ? '#54486a' : '#2c2444',
      'opacity="0.6"',
    )
  })
  const lamps = repeat(12, (n) => {
    const x = 50 + n * 137 + random.between(-16, 16)
    return (
      stroke(d('M', x, QUAY - 10, 'V', QUAY - 66), '#171430', 2.6) +
      circle(x, QUAY - 70, 60, url('lamp')) +
      ellipse(x, QUAY - 9, 60, 7, url('lamp'), 'opacity="0.7"') +
      circle(x, QUAY - 70, 4.4, '#fff3cd')
    )
  })
  return (
    rect(0, QUAY - 13, 1600, 20, '#3d3355') +
    stones +
    rect(0, QUAY - 14.5, 1600, 2.4, '#8d7a8c') +
    lamps
  )
}

const glints = (random: Random) =>
  repeat(300, () => {
    const t = random.between(0, 1) ** 1.3
    const y = QUAY + 12 + 370 * t
    const x = random.between(-20, 1620)
    const half = random.between(3, 8 + 34 * t)
    const colour = random.pick(['#ffd08a', '#f7a98c', '#8d86c4', '#ffe4b4'])
    return stroke(
      d('M', x - half, y, 'H', x + half),
      colour,
      0.7 + 1.7 * t,
      `opacity="${random.between(0.06, 0.36) * (1 - 0.55 * t)}"`,
    )
  })
