import type { Following } from '../../../polling/use-task-status.ts'
import type { ApiError } from '../../../upscayl/errors.ts'
import { withData } from '../../../upscayl/reply.ts'
import { SAMPLES, type SampleName } from '../../../upscayl/samples.ts'
import { asTaskId } from '../../../upscayl/task-id.ts'
import { TaskLayout } from '../../task/task-layout.tsx'
import { TaskStatus } from '../../task/task-status.tsx'
import type { Answered } from '../following.ts'
import { readReply } from '../read-reply.ts'
import type { Scene } from './state.ts'

/** How long ago the last answer came, and how long it took. */
const AGE = 4000
const ROUND_TRIP = 150

const taskId = asTaskId('4f9c2d1e-7a53-4c1b-9d0e-2b8f6a7c5e31')
if (taskId === null) throw new Error('the gallery’s task id is none')
const TASK_ID = taskId

/** That a question got this sample as its answer, `age` milliseconds ago. */
export function answered(
  name: SampleName,
  { at, base }: Scene,
  age = AGE,
  fields: Readonly<Record<string, unknown>> | null = null,
): Answered {
  const answeredAt = at - age
  const reply = SAMPLES[name].reply(at, base)
  return {
    askedAt: answeredAt - ROUND_TRIP,
    answeredAt,
    answer: readReply(fields === null ? reply : withData(reply, fields), answeredAt),
  }
}

/** That a question came to nothing. */
export function refused(error: ApiError, { at }: Scene, age = AGE): Answered {
  const answeredAt = at - age
  return {
    askedAt: answeredAt - ROUND_TRIP,
    answeredAt,
    answer: { result: { ok: false, error }, rateLimit: null, notBefore: null, serverTime: null },
  }
}

/** The task page as it is drawn from that. */
export function TaskScene({ following }: { readonly following: Following }) {
  return (
    <TaskLayout taskId={TASK_ID}>
      <TaskStatus taskId={TASK_ID} following={following} onForgetKey={() => {}} />
    </TaskLayout>
  )
}
