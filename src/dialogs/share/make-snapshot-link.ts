import { paths } from '../../lib/paths.ts'
import { encodeSnapshot, fitting } from '../../sharing/create-snapshot.ts'
import { openSnapshot } from '../../sharing/open-snapshot.ts'
import { makeSnapshot, type SeenTask, type Snapshot } from '../../sharing/snapshot.ts'
import { drawTiny, type ShownTask } from './draw-previews.ts'
import { type Content, visibilityOf } from './visibility-choice.tsx'

/** Choices of the sender. */
export interface SnapshotChoice {
  readonly content: Content
  /** null: anyone with the link can open it. */
  readonly passphrase: string | null
}

export interface SnapshotLink {
  readonly url: string
  /** Content as the recipient's browser decodes it from the link. */
  readonly opened: Snapshot
}

/** Tasks to share, and their origin. */
export interface Seen {
  /** Origin of the link, without a trailing slash. */
  readonly origin: string
  readonly tasks: readonly (SeenTask & ShownTask)[]
  /** Time of these records, epoch ms: they do not change while the dialog is open. */
  readonly at: number
}

/** Creates a snapshot link. */
export async function makeSnapshotLink(
  { origin, tasks, at }: Seen,
  { content, passphrase }: SnapshotChoice,
): Promise<SnapshotLink> {
  const [only] = tasks.length === 1 ? tasks : []
  const thumb = only && content.images === 'previews' ? await drawTiny(only) : null
  const base = `${origin}${paths.snapshot}#`
  const whole = makeSnapshot(tasks, visibilityOf(content), at, thumb)
  const place = { before: base.length, locked: passphrase !== null }
  const packed = await fitting(whole, place)
  const text = await encodeSnapshot(packed, passphrase)
  // Decoded again, so that the preview shows exactly what is sent. Unencrypted, since decryption
  // is slow.
  const plain = passphrase === null ? text : await encodeSnapshot(packed, null)
  const opened = await openSnapshot(plain, null)
  if (!opened.ok) throw new Error(`A snapshot that was just made is ${opened.error}`)
  return { url: `${base}${text}`, opened: opened.value }
}
