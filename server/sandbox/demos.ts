import { randomUUID } from 'node:crypto'
import { HOUR, MINUTE } from '../../src/lib/units.ts'
import type { Picture } from '../../src/upscayl/samples.ts'
import type { NewFile, NewTask } from './store/tasks.ts'

/** Credits a picture costs, whatever its size and model. */
export const CREDITS_A_PICTURE = 10

type FileRecipe = readonly [name: string, picture: Picture, width: number, height: number]

interface Recipe
  extends Pick<NewTask, 'paced' | 'model' | 'scale' | 'saveImageAs' | 'compression'> {
  readonly title: string
  readonly says: string
  readonly files: readonly FileRecipe[]
  /** Fewer rows make more, and finer, steps of progress. */
  readonly stripRows: number
  readonly enhanceFace?: boolean
  readonly damaged?: boolean
  /** Milliseconds from now; the past is negative. */
  readonly created?: number
  readonly expires?: number
}

const LONG_NAME =
  'Family archive, box 14 of 31, slide 208, the meadow behind the old dairy in the last week before the hay was cut, scanned again after cleaning.jpg'

/** The tasks a new sandbox holds, in the order to show them. */
export const DEMOS = {
  running: {
    title: 'A picture at work',
    says: 'One picture in forty strips: about a minute from its turn to the end.',
    paced: true,
    model: 'upscayl-standard-4x',
    scale: 4,
    saveImageAs: 'png',
    compression: 0,
    stripRows: 10,
    files: [['harbour-at-dusk.png', 'harbour', 640, 400]],
  },
  batch: {
    title: 'A batch of six',
    says: 'Six pictures, queued behind what came before: a minute and a half of work.',
    paced: true,
    model: 'nature-boost-4x',
    scale: 4,
    saveImageAs: 'jpg',
    compression: 12,
    stripRows: 40,
    files: [
      ['IMG_4471.jpg', 'lake', 640, 400],
      ['Утро в дюнах – été №7.png', 'dunes', 640, 400],
      [LONG_NAME, 'meadow', 640, 400],
      ['aurora_tromso_0312.webp', 'aurora', 640, 400],
      ['scan.png', 'canyon', 400, 400],
      ['Hafen bei Nacht (2).jpg', 'harbour', 400, 400],
    ],
  },
  done: {
    title: 'Done, not looked at yet',
    says: 'Ended before anybody looked. The first look deducts its credits.',
    paced: false,
    model: 'natural-plus-4x',
    scale: 4,
    saveImageAs: 'jpg',
    compression: 8,
    stripRows: 400,
    files: [['dunes-first-light.jpg', 'dunes', 640, 400]],
    created: -12 * MINUTE,
    expires: 47 * HOUR,
  },
  failed: {
    title: 'Failed',
    says: 'Its file broke off during the upload. A failed task costs nothing.',
    paced: false,
    model: 'crystal-plus-4x',
    scale: 4,
    saveImageAs: 'png',
    compression: 0,
    stripRows: 400,
    damaged: true,
    files: [['sand-detail.png', 'dunes', 320, 200]],
    created: -34 * MINUTE,
  },
  expiring: {
    title: 'About to expire',
    says: 'Its file can be fetched for two minutes after it was made.',
    paced: false,
    model: 'clear-boost-4x',
    scale: 3,
    saveImageAs: 'webp',
    compression: 15,
    stripRows: 400,
    enhanceFace: true,
    files: [['lake-crossing.webp', 'lake', 512, 320]],
    expires: 2 * MINUTE,
  },
  expired: {
    title: 'Expired',
    says: 'Its files are kept no longer: still listed, but its link answers 403.',
    paced: false,
    model: 'texture-boost-4x',
    scale: 2,
    saveImageAs: 'jpg',
    compression: 20,
    stripRows: 400,
    files: [['dune-crest.jpg', 'dunes', 512, 320]],
    created: -50 * HOUR,
    expires: -2 * HOUR,
  },
  sparse: {
    title: 'Nothing but the status',
    says: 'Done, and its answer leaves out every field that may be missing.',
    paced: false,
    model: 'upscayl-lite-4x',
    scale: 2,
    saveImageAs: 'jpg',
    compression: 20,
    stripRows: 400,
    files: [['untitled.jpg', 'dunes', 160, 100]],
    created: -3 * HOUR,
  },
} as const satisfies Record<string, Recipe>

export type DemoName = keyof typeof DEMOS
export const DEMO_NAMES = Object.keys(DEMOS) as DemoName[]
export const isDemoName = (name: string): name is DemoName => Object.hasOwn(DEMOS, name)

interface Circumstances {
  readonly accountId: number
  readonly listing: number
  readonly now: number
  readonly id?: string
}

/** A task of that kind, ready to be stored. Every listing number gets its own pictures. */
export function newDemoTask(
  name: DemoName,
  { accountId, listing, now, id }: Circumstances,
): NewTask {
  const recipe: Recipe = DEMOS[name]
  const { paced, model, scale, saveImageAs, compression, expires } = recipe
  return {
    id: id ?? randomUUID(),
    accountId,
    demo: name,
    listing,
    paced,
    price: CREDITS_A_PICTURE * recipe.files.length,
    model,
    scale,
    saveImageAs,
    compression,
    enhanceFace: recipe.enhanceFace ?? false,
    createdAt: now + (recipe.created ?? 0),
    expiresAt: expires === undefined ? null : now + expires,
    files: recipe.files.map((file, position) => newFile(recipe, file, listing * 10 + position)),
  }
}

const newFile = (
  { stripRows, damaged }: Recipe,
  [originalName, picture, width, height]: FileRecipe,
  seed: number,
): NewFile => ({
  id: randomUUID(),
  originalName,
  picture,
  seed,
  width,
  height,
  damaged: damaged ?? false,
  stripRows,
})
