import { createHash, randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { copyFile, link, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { err, ok, type Result } from '../../../core/lib/result.ts'
import { HOUR } from '../../../core/lib/units.ts'
import { CREDITS_PER_IMAGE } from '../demos.ts'
import { safeName } from '../download-name.ts'
import { linkedFile } from '../files-route.ts'
import { samplePath } from '../images.ts'
import type { Services } from '../services.ts'
import type { Account } from '../store/accounts.ts'
import type { NewFile, NewTask, StartedTask } from '../store/tasks.ts'
import { type Checked, checkImage, inspectImage } from './check-image.ts'
import type { CreateTaskInput } from './create-task-input.ts'
import { badRequest, keyReused, type Refusal, tooFewCredits } from './refusal.ts'

export interface Caller {
  readonly account: Account
  /** The client's Idempotency-Key, if it sent one. */
  readonly key: string | null
  readonly origin: string
  /** Folder for incoming images; removed by its creator. */
  readonly folder: string
}

/** How long the same key gets the same task. */
const KEY_HOLDS = 24 * HOUR

/** About half a minute per image at pace 1. */
const STRIPS = 20

/** A checked image, ready for upscaling. */
interface Ready {
  readonly path: string
  readonly file: NewFile
}

/** Creates a task, or finds the one created from the same input before. */
export async function startTask(
  services: Services,
  caller: Caller,
  input: CreateTaskInput,
): Promise<Result<StartedTask, Refusal>> {
  const images = await collectImages(services, caller, input)
  if (!images.ok) return images
  const isBatch = images.value.length > 1
  // A bad image fails on its own in a batch, when its turn comes. Decoding them all would take long here.
  const check = isBatch ? inspectImage : checkImage
  const ready: Ready[] = []
  for (const image of images.value) {
    const checked = await check(image.path, shownName(image.name), input)
    if (!checked.ok && !isBatch) return checked
    ready.push({ path: image.path, file: await newFile(image, checked) })
  }
  return services.db.transaction(() => createTaskRow(services, caller, input, ready))
}

async function newFile(
  { path, name, storedName }: Named,
  checked: Result<Checked, Refusal>,
): Promise<NewFile> {
  const { type, width, height } = checked.ok ? checked.value : NOT_AN_IMAGE
  return {
    ...{ id: randomUUID(), originalName: safeName(name, type), picture: 'upload', seed: 0 },
    ...{ width, height, damaged: false, stripRows: Math.ceil(height / STRIPS) },
    storedName: storedName ?? null,
    sourceSize: (await stat(path)).size,
    error: checked.ok ? null : checked.error.message,
  }
}

/** One step of work. */
const NOT_AN_IMAGE: Checked = { type: 'png', width: 1, height: 1 }

/** Call in a transaction: of two concurrent starts with one key, the second finds the first's task. */
function createTaskRow(
  { accounts, tasks, paths, now }: Services,
  { account, key }: Caller,
  input: CreateTaskInput,
  ready: readonly Ready[],
): Result<StartedTask, Refusal> {
  const fingerprint = fingerprintOf(input)
  if (key !== null) {
    const earlier = tasks.startedUnder(account.id, key, now() - KEY_HOLDS)
    if (earlier?.fingerprint === fingerprint) return ok(earlier)
    if (earlier !== undefined) {
      return err(keyReused('This Idempotency-Key was used for a different request.'))
    }
  }
  const price = CREDITS_PER_IMAGE * ready.length
  const free = Math.max(0, accounts.free(account.id))
  if (free < price) {
    return err(
      tooFewCredits(
        `This task costs ${price} credits. You have ${free} left after the tasks already started.`,
      ),
    )
  }
  const { images: _, ...settings } = input
  const task: NewTask = {
    ...{ id: randomUUID(), accountId: account.id, demo: 'upload', listing: 0, price },
    ...{ paced: true, held: false },
    ...{ ...settings, compression: 8, createdAt: now(), expiresAt: null },
    files: ready.map(({ file }) => file),
  }
  // Before the worker can see the task; if killed in between, the next startup cleans up.
  for (const { path, file } of ready) renameSync(path, paths.original(file.id))
  tasks.insert(task, key === null ? null : { key, fingerprint })
  return ok({ id: task.id, price, fingerprint })
}

function fingerprintOf({ images, ...settings }: CreateTaskInput): string {
  const from =
    images.from === 'file'
      ? images.file.sha256
      : images.from === 'urls'
        ? images.urls
        : images.paths
  return createHash('sha256')
    .update(JSON.stringify([from, settings]))
    .digest('base64url')
}

interface Named {
  readonly path: string
  readonly name: string
  readonly storedName?: string
}

async function collectImages(
  services: Services,
  caller: Caller,
  { images }: CreateTaskInput,
): Promise<Result<readonly Named[], Refusal>> {
  switch (images.from) {
    case 'file':
      return ok([images.file])
    case 'uploads':
      return collectUploads(services, caller, images.paths)
    case 'urls':
      return collectUrls(services, caller, images.urls)
  }
}

async function collectUploads(
  { uploads, paths }: Services,
  { account, folder }: Caller,
  wanted: readonly string[],
): Promise<Result<readonly Named[], Refusal>> {
  const found: Named[] = []
  for (const [n, uploadPath] of wanted.entries()) {
    const upload = uploads.byPath(account.id, uploadPath)
    if (upload === undefined) {
      return err(badRequest(`No complete upload has the path “${shownName(uploadPath)}”.`))
    }
    const path = join(folder, String(n))
    // A second name for the same file, because other tasks may be started from it.
    await link(paths.whole(upload.id), path)
    found.push({ path, name: upload.originalName, storedName: basename(upload.path) })
  }
  return ok(found)
}

async function collectUrls(
  services: Services,
  { origin, folder }: Caller,
  urls: readonly string[],
): Promise<Result<readonly Named[], Refusal>> {
  const copies: Named[] = []
  for (const [n, url] of urls.entries()) {
    const own = ownImage(services, url, origin)
    const path = join(folder, String(n))
    const copied = own && (await copyFile(own.path, path).catch(() => null)) !== null
    if (own === null || !copied) {
      return err(badRequest(`${notOurs(origin)} Rejected: “${shownName(url)}”.`))
    }
    copies.push({ path, name: own.name })
  }
  return ok(copies)
}

/**
 * The sandbox's own image at a URL; null for any other URL. Fetches nothing, which prevents
 * server-side request forgery.
 */
function ownImage(services: Services, imageUrl: string, origin: string): Named | null {
  const url = URL.canParse(imageUrl) ? new URL(imageUrl) : null
  if (url?.origin !== origin) return null
  const [, folder, name = '', variant, ...more] = url.pathname.split('/')
  if (folder === 'samples') {
    const path = variant === undefined ? samplePath(name) : null
    return path === null ? null : { path, name }
  }
  if (folder !== 'files' || variant === undefined || more.length > 0) return null
  const { expires = '', signature = '' } = Object.fromEntries(url.searchParams)
  const found = linkedFile(services, { fileId: name, variant, expires, signature })
  return found.ok ? found.value : null
}

const notOurs = (origin: string): string =>
  `The sandbox makes no network requests. It accepts only URLs of its own images: ${origin}/samples/… and file links that haven't expired.`

const shownName = (name: string): string => (name.length > 80 ? `${name.slice(0, 79)}…` : name)
