import sharp from 'sharp'
import type { ModelId } from '../core/api/models.ts'
import type { Picture } from '../core/api/samples.ts'

/*
 * Draws public/pictures/models.webp: what each model suits, in the order of MODELS, as parts of the
 * sandbox's images. Run: npx tsx tools/model-samples.ts
 */

/** Side of a part, and of its sample. */
const SIDE = 110
const SAMPLE = 96

const PARTS: Readonly<Record<ModelId, readonly [Picture, left: number, top: number]>> = {
  'upscayl-standard-4x': ['harbour', 155, 340],
  'upscayl-lite-4x': ['lake', 325, 380],
  'clear-boost-4x': ['lake', 580, 190],
  'crystal-plus-4x': ['harbour', 285, 160],
  'digital-art-4x': ['aurora', 705, 420],
  'digital-art-plus-4x': ['harbour', 560, 170],
  'natural-max-4x': ['dunes', 575, 350],
  'natural-plus-4x': ['dunes', 185, 215],
  'nature-boost-4x': ['meadow', 190, 280],
  'pure-boost-4x': ['canyon', 455, 390],
  'quick-clear-4x': ['meadow', 60, 30],
  'texture-boost-4x': ['canyon', 60, 260],
}

const samples = await Promise.all(
  Object.values(PARTS).map(([picture, left, top]) =>
    sharp(`server/sandbox/images/${picture}.webp`)
      .extract({ left, top, width: SIDE, height: SIDE })
      .resize(SAMPLE)
      .png()
      .toBuffer(),
  ),
)
const { size } = await sharp(samples, { join: { across: samples.length } })
  .webp({ quality: 82 })
  .toFile('public/pictures/models.webp')
process.stdout.write(`${size} bytes\n`)
