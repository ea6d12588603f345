import { base64urlLength, toBase64url } from '../../core/lib/base64url.ts'
import { MAX_LINK_LENGTH } from '../lib/paths.ts'
import { isReadable, writeSnapshot } from './codec.ts'
import { deflate } from './deflate.ts'
import { canEncrypt, encrypt, LOCK_SIZE } from './encrypt.ts'
import type { Snapshot } from './snapshot.ts'

/** Increased with each format change that an earlier Loupe would not understand. */
export const VERSION = 1

/** Prefix of an unencrypted snapshot. */
export const PLAIN = `${VERSION}`
export const LOCKED = `${VERSION}p`

/** The text of a link after its '#'. A passphrase is allowed only if `canEncrypt`. */
export async function encodeSnapshot(
  snapshot: Snapshot,
  passphrase: string | null,
): Promise<string> {
  const packed = await deflate(writeSnapshot(snapshot))
  if (passphrase === null) return `${PLAIN}.${toBase64url(packed)}`
  if (!canEncrypt()) {
    throw new Error('A passphrase needs https or localhost.')
  }
  return `${LOCKED}.${toBase64url(await encrypt(packed, passphrase, LOCKED))}`
}

/** Characters of the link before the fragment, and whether a passphrase is set. */
export interface Place {
  readonly before: number
  readonly locked: boolean
}

/**
 * The first tasks that fit into a link of MAX_LINK_LENGTH characters; of a single task that is too
 * long, the first files. The number left out is stored in the result.
 */
export async function fitting(snapshot: Snapshot, place: Place): Promise<Snapshot> {
  const fits = async (part: Snapshot) => {
    const written = writeSnapshot(part)
    return isReadable(part, written) && (await lengthOf(written, place)) <= MAX_LINK_LENGTH
  }
  const { tasks } = snapshot
  const count = await findLargest(tasks.length, (n) => fits(withTasks(snapshot, n)))
  if (count > 0 || tasks.length === 0) return withTasks(snapshot, count)
  const one = withTasks(snapshot, 1)
  const files = one.tasks[0]?.record.task?.files.length ?? 0
  return withFiles(one, await findLargest(files, (n) => fits(withFiles(one, n))))
}

async function lengthOf(written: string, { before, locked }: Place): Promise<number> {
  const bytes = (await deflate(written)).length + (locked ? LOCK_SIZE : 0)
  return before + `#${locked ? LOCKED : PLAIN}.`.length + base64urlLength(bytes)
}

/** Binary search: the compressed length is known only by compressing, so few counts are tried. */
async function findLargest(
  limit: number,
  fits: (count: number) => Promise<boolean>,
): Promise<number> {
  // Starts with small counts: large ones take longest to compress.
  let [fit, tooMany] = [0, 1]
  while (tooMany <= limit && (await fits(tooMany))) [fit, tooMany] = [tooMany, tooMany * 2]
  tooMany = Math.min(tooMany, limit + 1)
  while (tooMany - fit > 1) {
    const middle = Math.floor((fit + tooMany) / 2)
    if (await fits(middle)) fit = middle
    else tooMany = middle
  }
  return fit
}

function withTasks(snapshot: Snapshot, count: number): Snapshot {
  const { tasks, leftOut } = snapshot
  return { ...snapshot, tasks: tasks.slice(0, count), leftOut: leftOut + tasks.length - count }
}

function withFiles(snapshot: Snapshot, count: number): Snapshot {
  return {
    ...snapshot,
    tasks: snapshot.tasks.map((seen) => {
      const { task } = seen.record
      if (task === null) return seen
      return {
        ...seen,
        record: { ...seen.record, task: { ...task, files: task.files.slice(0, count) } },
        filesLeftOut: seen.filesLeftOut + Math.max(0, task.files.length - count),
      }
    }),
  }
}
