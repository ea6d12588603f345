import type { Following } from '../../../polling/use-task-status.ts'
import type { ApiError } from '../../../upscayl/errors.ts'
import { readReply } from '../../../upscayl/read-reply.ts'
import { withData } from '../../../upscayl/reply.ts'
import { SAMPLES, type SampleName } from '../../../upscayl/samples.ts'
import { asTaskId, type TaskId } from '../../../upscayl/task-id.ts'
import { OpenShare } from '../../share/open-share.tsx'
import { TaskLayout } from '../../task/task-layout.tsx'
import { TaskStatus } from '../../task/task-status.tsx'
import type { Answered } from '../following.ts'
import type { Scene } from './state.ts'

/** How long ago the last answer came, and how long it took. */
const AGE = 4000
const ROUND_TRIP = 150

function idOf(text: string): TaskId {
  const id = asTaskId(text)
  if (id === null) throw new Error(`the gallery’s ${text} is no task id`)
  return id
}

export const TASK_ID = idOf('4f9c2d1e-7a53-4c1b-9d0e-2b8f6a7c5e31')
export const OTHER_ID = idOf('b07e61c4-18d2-4f5a-a3c9-6e4d9f120b88')

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
    answer: {
      result: { ok: false, error },
      given: null,
      rateLimit: null,
      notBefore: null,
      unsent: false,
      serverTime: null,
    },
  }
}

/** The task page as it is drawn from that. */
export function TaskScene({ following }: { readonly following: Following }) {
  return (
    <TaskLayout taskId={TASK_ID} actions={<OpenShare onClick={() => {}} />}>
      <TaskStatus taskId={TASK_ID} following={following} onForgetKey={() => {}} />
    </TaskLayout>
  )
}
