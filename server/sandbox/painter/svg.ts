/* The few words of SVG that all scenes use. Every scene is drawn on a sheet of 1600 by 1000. */

export const WIDTH = 1600
export const HEIGHT = 1000

export type Point = readonly [x: number, y: number]
/** Offset from 0 to 1, colour, and opacity where it is not 1. */
export type Stop = readonly [offset: number, colour: string, opacity?: number]

const round = (n: number) => Math.round(n * 10) / 10

const stops = (list: readonly Stop[]) =>
  list
    .map(
      ([offset, colour, opacity = 1]) =>
        `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
    )
    .join('')

/** Top to bottom of whatever it fills. */
export const vertical = (id: string, ...list: Stop[]) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops(list)}</linearGradient>`

export const diagonal = (id: string, ...list: Stop[]) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="1" y2="1">${stops(list)}</linearGradient>`

export const radial = (id: string, ...list: Stop[]) =>
  `<radialGradient id="${id}">${stops(list)}</radialGradient>`

export const blur = (id: string, across: number, down = across) =>
  `<filter id="${id}" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${across} ${down}"/></filter>`

/** Shakes what it is put on, as wind does what lies in the water. */
export const waves = (id: string, frequency: string, seed: number, scale: number) =>
  `<filter id="${id}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="3" seed="${seed}"/><feDisplacementMap in="SourceGraphic" scale="${scale}" xChannelSelector="R" yChannelSelector="G"/></filter>`

export const url = (id: string) => `url(#${id})`

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  more = '',
) =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}" ${more}/>`

/** The whole sheet in one fill. */
export const wash = (fill: string, more = '') => rect(0, 0, WIDTH, HEIGHT, fill, more)

export const circle = (x: number, y: number, r: number, fill: string, more = '') =>
  ellipse(x, y, r, r, fill, more)

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${fill}" ${more}/>`

export const path = (d: string, fill: string, more = '') =>
  `<path d="${d}" fill="${fill}" ${more}/>`

export const stroke = (d: string, colour: string, width: number, more = '') =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round" ${more}/>`

export const group = (more: string, ...parts: string[]) => `<g ${more}>${parts.join('')}</g>`

/** Path data from numbers and letters, rounded to what can be seen. */
export const d = (...parts: readonly (string | number)[]) =>
  parts.map((part) => (typeof part === 'number' ? round(part) : part)).join(' ')

export const polygon = (points: readonly Point[]) =>
  `M${points.map(([x, y]) => d(x, y)).join('L')}Z`

export const repeat = (count: number, draw: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => draw(n)).join('')

/** Everything below a line that crosses the sheet. */
export function ground(height: (x: number) => number, step = 6, bottom = HEIGHT + 20): string {
  const points: Point[] = []
  for (let x = -20; x <= WIDTH + 20; x += step) points.push([x, height(x)])
  return polygon([[-20, bottom], ...points, [WIDTH + 20, bottom]])
}

/** The line on top of what `ground` returned. */
export const skyline = (outline: string) => outline.replace(/^M[^L]*L/, 'M').replace(/L[^L]*Z$/, '')

/** A scene and, below the line at `shore`, the same upside down through a filter. */
export const mirrored = (scene: string, shore: number, filter: string) =>
  `<g id="scene">${scene}</g>` +
  group(
    `filter="${url(filter)}"`,
    `<use href="#scene" transform="matrix(1 0 0 -1 0 ${2 * shore})"/>`,
  )

/** The colour `t` of the way from one `#rrggbb` to another. */
export function mix(from: string, to: string, t: number): string {
  const channel = (colour: string, n: number) =>
    Number.parseInt(colour.slice(1 + 2 * n, 3 + 2 * n), 16)
  const parts = [0, 1, 2].map((n) =>
    Math.round(channel(from, n) + (channel(to, n) - channel(from, n)) * t)
      .toString(16)
      .padStart(2, '0'),
  )
  return `#${parts.join('')}`
}
