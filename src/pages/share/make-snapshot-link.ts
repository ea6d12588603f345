import { paths } from '../../lib/paths.ts'
import type { Shown } from '../../polling/shown.ts'
import { openSnapshot } from '../../snapshot/open.ts'
import { fitting, packSnapshot } from '../../snapshot/pack.ts'
import { makeSnapshot, type SeenTask, type Snapshot } from '../../snapshot/snapshot.ts'

/** What the sender chose. */
export interface SnapshotChoice {
  readonly shown: Shown
  /** null: whoever has the link can open it. */
  readonly passphrase: string | null
}

export interface SnapshotLink {
  readonly url: string
  /** What the receiver's browser makes of the link. */
  readonly opened: Snapshot
}

/** What is shared, and from where. */
export interface Seen {
  /** Of the link, without a slash at the end. */
  readonly origin: string
  readonly tasks: readonly SeenTask[]
  /** When they were seen so, epoch ms: what is shared does not change under one's eyes. */
  readonly at: number
}

/** A link to what was seen. */
export async function makeSnapshotLink(
  { origin, tasks, at }: Seen,
  { shown, passphrase }: SnapshotChoice,
): Promise<SnapshotLink> {
  const base = `${origin}${paths.snapshot}#`
  const whole = makeSnapshot(tasks, shown, at)
  const place = { before: base.length, locked: passphrase !== null }
  const packed = await fitting(whole, place)
  const text = await packSnapshot(packed, passphrase)
  // Read back, so that what is looked over is what is sent. Without the lock, which takes its time.
  const plain = passphrase === null ? text : await packSnapshot(packed, null)
  const opened = await openSnapshot(plain, null)
  if (!opened.ok) throw new Error(`A snapshot that was just made is ${opened.error}`)
  return { url: `${base}${text}`, opened: opened.value }
}
