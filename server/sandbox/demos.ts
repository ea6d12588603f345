import { randomUUID } from 'node:crypto'
import type { Picture } from '../../core/api/samples.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import type { Database } from '../database.ts'
import type { Account, Accounts } from './store/accounts.ts'
import type { NewFile, NewTask, Tasks } from './store/tasks.ts'

/** Credits per image, regardless of size and model. */
export const CREDITS_PER_IMAGE = 10

type FileRecipe = readonly [name: string, picture: Picture, width: number, height: number]

interface Recipe
  extends Pick<NewTask, 'paced' | 'model' | 'scale' | 'saveImageAs' | 'compression'> {
  readonly title: string
  readonly says: string
  readonly files: readonly FileRecipe[]
  /** Fewer rows mean more and finer progress steps. */
  readonly stripRows: number
  readonly enhanceFace?: boolean
  readonly damaged?: boolean
  /** Milliseconds from now; the past is negative. */
  readonly created?: number
  readonly expires?: number
}

const LONG_NAME =
  'Family archive, box 14 of 31, slide 208, the meadow behind the old dairy in the last week before the hay was cut, scanned again after cleaning.jpg'

/** The demos, in display order. */
export const DEMOS = {
  running: {
    title: 'Running task',
    says: 'One image, about a minute.',
    paced: true,
    model: 'upscayl-standard-4x',
    scale: 4,
    saveImageAs: 'png',
    compression: 0,
    stripRows: 10,
    files: [['harbour-at-dusk.png', 'harbour', 640, 400]],
  },
  batch: {
    title: 'Batch of six',
    says: 'Six images, about 90 seconds once they start.',
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
    title: 'Finished, not checked yet',
    says: 'Credits are deducted on the first check.',
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
    says: 'The upload was cut off. Failed tasks are free.',
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
    says: 'The link expires two minutes after the first check.',
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
    says: 'The files have expired: the link returns 403.',
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
    title: 'Minimal response',
    says: 'Done, with every optional field missing.',
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
  readonly held: boolean
  readonly id?: string
}

/** When a demo that begins now was created, and when its files expire. */
export function timesOf(name: DemoName, now: number): Pick<NewTask, 'createdAt' | 'expiresAt'> {
  const { created = 0, expires }: Recipe = DEMOS[name]
  return { createdAt: now + created, expiresAt: expires === undefined ? null : now + expires }
}

/** A task of that kind, ready to be stored. Every listing number gets different images. */
export function newDemoTask(
  name: DemoName,
  { accountId, listing, now, held, id }: Circumstances,
): NewTask {
  const recipe: Recipe = DEMOS[name]
  const { paced, model, scale, saveImageAs, compression } = recipe
  return {
    id: id ?? randomUUID(),
    accountId,
    demo: name,
    listing,
    paced,
    held,
    price: CREDITS_PER_IMAGE * recipe.files.length,
    model,
    scale,
    saveImageAs,
    compression,
    enhanceFace: recipe.enhanceFace ?? false,
    ...timesOf(name, now),
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
  storedName: null,
  sourceSize: null,
  error: null,
})

/** Enough for a thousand images, so that no demo runs out of credits. */
const BALANCE = 10_000

export const FOREIGN_TASK = {
  id: 'sentinel-not-yours',
  says: '404: a task of another account',
  blocksMs: null,
}

/**
 * Puts one unchecked task of each demo on top of the list, at every start: those of earlier starts
 * have long finished. Tasks that somebody has checked stay, unlisted. Returns the user's account and
 * the lowest listing number shown.
 */
export const seed = (
  db: Database,
  { accounts, tasks }: { accounts: Accounts; tasks: Tasks },
  demos: readonly DemoName[],
  now: number,
): { readonly account: Account; readonly firstListing: number } =>
  db.transaction(() => {
    const account = accounts.ensure('you', BALANCE)
    const accountId = account.id
    const firstListing = tasks.nextListing()
    demos.forEach((name, n) => {
      // The list displays it in this order.
      const listing = firstListing + demos.length - 1 - n
      const unchecked = tasks.heldDemo(accountId, name)
      if (unchecked !== undefined) tasks.relist(unchecked.id, listing)
      else tasks.insert(newDemoTask(name, { accountId, listing, now, held: true }))
    })
    const { id: neighbourId } = accounts.ensure('neighbour', BALANCE)
    if (tasks.byId(FOREIGN_TASK.id) === undefined) {
      const place = { accountId: neighbourId, listing: 0, now, held: false, id: FOREIGN_TASK.id }
      tasks.insert(newDemoTask('sparse', place))
    }
    return { account, firstListing }
  })
