import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '../../../src/lib/result.ts'
import { HOUR } from '../../../src/lib/units.ts'
import type { Database } from '../../database.ts'
import type { Paths } from '../data-dir.ts'
import { CREDITS_A_PICTURE } from '../demos.ts'
import { safeName } from '../download-name.ts'
import type { Links } from '../links.ts'
import type { Account, Accounts } from '../store/accounts.ts'
import type { NewFile, NewTask, StartedTask, Tasks } from '../store/tasks.ts'
import type { Order } from './order.ts'
import { ownPicture } from './own-picture.ts'
import { checkPicture } from './picture.ts'
import { badRequest, keyReused, type Refusal, tooFewCredits } from './refusal.ts'

export interface Shop {
  readonly db: Database
  readonly accounts: Accounts
  readonly tasks: Tasks
  readonly links: Links
  readonly paths: Paths
  readonly now: () => number
}

export interface Customer {
  readonly account: Account
  /** What the client calls this start, if it wants to be able to repeat it. */
  readonly key: string | null
  readonly origin: string
  /** For the pictures on their way in; whoever made it removes it. */
  readonly folder: string
}

/** So long the same key gets the same task. */
const KEY_HOLDS = 24 * HOUR

/** About half a minute a picture at pace 1. */
const STRIPS = 20

/** A picture that was looked at and can be worked on. */
interface Ready {
  readonly path: string
  readonly file: NewFile
}

/** Makes a task of an order, or finds the one that was made of it before. */
export async function startTask(
  shop: Shop,
  customer: Customer,
  order: Order,
): Promise<Result<StartedTask, Refusal>> {
  const pictures = await fetched(shop, customer, order)
  if (!pictures.ok) return pictures
  const ready: Ready[] = []
  for (const { path, name } of pictures.value) {
    const checked = await checkPicture(path, shownName(name), order)
    if (!checked.ok) return checked
    const { type, width, height } = checked.value
    const stripRows = Math.ceil(height / STRIPS)
    const file: NewFile = {
      ...{ id: randomUUID(), originalName: safeName(name, type), picture: 'upload', seed: 0 },
      ...{ width, height, damaged: false, stripRows },
    }
    ready.push({ path, file })
  }
  mkdirSync(shop.paths.originals, { recursive: true })
  return shop.db.transaction(() => book(shop, customer, order, ready))
}

/** In a transaction: of two that come at the same time under one key, the second finds the first's. */
function book(
  { accounts, tasks, paths, now }: Shop,
  { account, key }: Customer,
  order: Order,
  ready: readonly Ready[],
): Result<StartedTask, Refusal> {
  const fingerprint = fingerprintOf(order)
  if (key !== null) {
    const earlier = tasks.startedUnder(account.id, key, now() - KEY_HOLDS)
    if (earlier?.fingerprint === fingerprint) return ok(earlier)
    if (earlier !== undefined) {
      return err(keyReused('This Idempotency-Key stands for another task, with another order.'))
    }
  }
  const price = CREDITS_A_PICTURE * ready.length
  const free = Math.max(0, accounts.free(account.id))
  if (free < price) {
    return err(
      tooFewCredits(
        `This task costs ${price} credits. You have ${free}, not counting those that tasks you started will take.`,
      ),
    )
  }
  const { model, scale, saveImageAs, enhanceFace } = order
  const task: NewTask = {
    ...{ id: randomUUID(), accountId: account.id, demo: 'upload', listing: 0, paced: true, price },
    ...{
      model,
      scale,
      saveImageAs,
      compression: 8,
      enhanceFace,
      createdAt: now(),
      expiresAt: null,
    },
    files: ready.map(({ file }) => file),
  }
  // Before the task is there for the worker; killed in between, leftovers.ts clears up.
  for (const { path, file } of ready) renameSync(path, paths.original(file.id))
  tasks.insert(task, key === null ? null : { key, fingerprint })
  return ok({ id: task.id, price, fingerprint })
}

function fingerprintOf({ pictures, ...settings }: Order): string {
  const from = pictures.from === 'file' ? pictures.file.sha256 : pictures.urls
  return createHash('sha256')
    .update(JSON.stringify([from, settings]))
    .digest('base64url')
}

async function fetched(
  shop: Shop,
  { origin, folder }: Customer,
  { pictures }: Order,
): Promise<Result<readonly { readonly path: string; readonly name: string }[], Refusal>> {
  if (pictures.from === 'file') return ok([pictures.file])
  const copies: { path: string; name: string }[] = []
  for (const [n, url] of pictures.urls.entries()) {
    const own = await ownPicture(shop, url, origin)
    const path = join(folder, String(n))
    const copied = own && (await copyFile(own.path, path).catch(() => null)) !== null
    if (own === null || !copied)
      return err(badRequest(`${notOurs(origin)} Not “${shownName(url)}”.`))
    copies.push({ path, name: own.name })
  }
  return ok(copies)
}

const notOurs = (origin: string): string =>
  `The sandbox reaches no network. Of addresses it takes those of its own pictures: ${origin}/samples/… and links to files that have not expired.`

const shownName = (name: string): string => (name.length > 80 ? `${name.slice(0, 79)}…` : name)
