import sharp, { type Sharp } from 'sharp'
import type { Picture } from '../../../src/upscayl/samples.ts'
import { createRandom, type Random } from './random.ts'
import { aurora } from './scenes/aurora.ts'
import { canyon } from './scenes/canyon.ts'
import { dunes } from './scenes/dunes.ts'
import { harbour } from './scenes/harbour.ts'
import { lake } from './scenes/lake.ts'
import { meadow } from './scenes/meadow.ts'
import { HEIGHT, radial, url, WIDTH, wash } from './svg.ts'

export interface Canvas {
  readonly seed: number
  readonly width: number
  readonly height: number
}

const SCENES = { dunes, lake, harbour, aurora, meadow, canyon } as const satisfies Record<
  Picture,
  (random: Random) => string
>

/** A picture in memory. The same seed paints the same picture; another shape shows its middle. */
export function paint(picture: Picture, { width, height, seed }: Canvas): Sharp {
  const sheet =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"` +
    ` viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice">` +
    SCENES[picture](createRandom(seed)) +
    vignette +
    grain(seed) +
    '</svg>'
  return sharp(Buffer.from(sheet)).removeAlpha()
}

const vignette =
  radial('vignette', [0, '#000', 0], [0.62, '#000', 0], [1, '#0a0610', 0.34]) +
  `<ellipse cx="800" cy="480" rx="1130" ry="800" fill="${url('vignette')}"/>`

/** Fine film grain: flat gradients would look drawn, and give upscaling nothing to do. */
const grain = (seed: number) =>
  `<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="0.55" numOctaves="2" seed="${seed}"/><feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  1.6 0 0 0 -0.62"/></filter>` +
  wash('#fff', 'filter="url(#grain)" opacity="0.16" style="mix-blend-mode:overlay"')
