import { parseRecordedResponse } from '../../core/api/replay.ts'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import { newTrackedTask, toStored, withRecord } from '../../src/tasks/tracked-task.ts'

/** Tasks that have ended and need no further request: only the list itself is measured. */
const SETTLED: readonly SampleName[] = ['processed', 'batch', 'failed', 'expired', 'link-elsewhere']

/** Stored tasks of a busy month, three per hour, in their stored format. */
export const remembered = (count: number, base: string, now: number) =>
  Array.from({ length: count }, (_, n): [string, object] => {
    const at = now - n * 20 * MINUTE
    const name = SETTLED[n % SETTLED.length] ?? 'processed'
    const response = parseRecordedResponse(SAMPLES[name].reply(at, base), at)
    const id = `${(0x10000000 + n * 104_729).toString(16)}-cafe-4bad-8ace-0000000${String(n).padStart(5, '0')}`
    const entry = newTrackedTask(id as TaskId, at)
    return [id, toStored(withRecord(entry, recordResponse(EMPTY_RECORD, response, at, at)))]
  })
