import type { Visibility } from '../../core/api/visibility.ts'
import { toBase64url } from '../../core/lib/base64url.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import { asId, recordAfter, T0 } from '../tasks/testing-list.ts'
import { deflate } from './deflate.ts'
import { makeSnapshot, type Snapshot } from './snapshot.ts'

export const ALL: Visibility = { credits: true, links: true }
export const NONE: Visibility = { credits: false, links: false }

/** IDs with as little in common as real ones. */
const idOf = (n: number): string => {
  const hex = (factor: number) => (((n + 1) * factor) % 0xffff_fffb).toString(16).padStart(8, '0')
  const [a, b, c, d] = [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263].map(hex)
  return `${a}-${b?.slice(4)}-4${c?.slice(5)}-9${d?.slice(5)}-${b?.slice(0, 4)}${c}`
}

/** A snapshot of tasks with these records. */
export const snapshotOf = (records: readonly TaskRecord[], shown = ALL): Snapshot =>
  makeSnapshot(
    records.map((record, n) => ({
      id: asId(idOf(n)),
      record,
    })),
    shown,
    T0 + 120_000,
  )

export const doneSnapshot = (shown = ALL): Snapshot =>
  snapshotOf([recordAfter(['enhancing', 'processed'])], shown)

/** Link text with the given content in Loupe's format, as if handmade. */
export const packedByHand = async (content: unknown): Promise<string> =>
  `1.${toBase64url(await deflate(typeof content === 'string' ? content : JSON.stringify(content)))}`
