import { base64urlLength, toBase64url } from '../lib/base64url.ts'
import { LONGEST_LINK } from '../lib/longest-link.ts'
import { isReadable, writeSnapshot } from './compact.ts'
import { deflate } from './deflate.ts'
import { canLock, LOCK_SIZE, lock } from './lock.ts'
import type { Snapshot } from './snapshot.ts'

/** Rises with each change of what is packed that an earlier Loupe would not understand. */
export const VERSION = 1

/** What a packed snapshot begins with. */
export const PLAIN = `${VERSION}`
export const LOCKED = `${VERSION}p`

/** The text of a link after its '#'. A passphrase may be asked for only where `canLock`. */
export async function packSnapshot(snapshot: Snapshot, passphrase: string | null): Promise<string> {
  const packed = await deflate(writeSnapshot(snapshot))
  if (passphrase === null) return `${PLAIN}.${toBase64url(packed)}`
  if (!canLock()) {
    throw new Error('A passphrase needs a secure address: https, or this machine itself.')
  }
  return `${LOCKED}.${toBase64url(await lock(packed, passphrase, LOCKED))}`
}

/** Where it will stand: characters of the link before the fragment, and whether a passphrase is set. */
export interface Place {
  readonly before: number
  readonly locked: boolean
}

/**
 * As many of the tasks, from the first, as fit into a link of LONGEST_LINK characters; of a task that
 * is too long by itself, as many of its files. What was left out is counted in it.
 */
export async function fitting(snapshot: Snapshot, place: Place): Promise<Snapshot> {
  const fits = async (part: Snapshot) => {
    const written = writeSnapshot(part)
    return isReadable(part, written) && (await lengthOf(written, place)) <= LONGEST_LINK
  }
  const { tasks } = snapshot
  const count = await most(tasks.length, (n) => fits(withTasks(snapshot, n)))
  if (count > 0 || tasks.length === 0) return withTasks(snapshot, count)
  const one = withTasks(snapshot, 1)
  const files = one.tasks[0]?.record.task?.files.length ?? 0
  return withFiles(one, await most(files, (n) => fits(withFiles(one, n))))
}

async function lengthOf(written: string, { before, locked }: Place): Promise<number> {
  const bytes = (await deflate(written)).length + (locked ? LOCK_SIZE : 0)
  return before + `#${locked ? LOCKED : PLAIN}.`.length + base64urlLength(bytes)
}

/** A compressed text tells its length only when it is made, so it is made of few lengths, not of each. */
async function most(limit: number, fits: (count: number) => Promise<boolean>): Promise<number> {
  // The short ones first: what does not fit by far takes longest.
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
