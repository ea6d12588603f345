import { MINUTE } from '../../src/lib/units.ts'
import { recordAnswer, UNASKED } from '../../src/polling/task-record.ts'
import { readReply } from '../../src/upscayl/read-reply.ts'
import { SAMPLES, type SampleName } from '../../src/upscayl/samples.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { newEntry, toStored, withRecord } from '../../src/watchlist/entry.ts'

/** What ends and needs no further question: nothing but the list itself is measured. */
const SETTLED: readonly SampleName[] = ['processed', 'batch', 'failed', 'expired', 'link-elsewhere']

/** As many remembered tasks as a busy month leaves, three an hour, as they lie in storage. */
export const remembered = (count: number, base: string, now: number) =>
  Array.from({ length: count }, (_, n): [string, object] => {
    const at = now - n * 20 * MINUTE
    const name = SETTLED[n % SETTLED.length] ?? 'processed'
    const answer = readReply(SAMPLES[name].reply(at, base), at)
    const id = `${(0x10000000 + n * 104_729).toString(16)}-cafe-4bad-8ace-0000000${String(n).padStart(5, '0')}`
    const entry = newEntry(id as TaskId, at)
    return [id, toStored(withRecord(entry, recordAnswer(UNASKED, answer, at, at)))]
  })
