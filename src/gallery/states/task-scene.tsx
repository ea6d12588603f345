import { Share2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiError } from '../../../core/api/errors.ts'
import { withData } from '../../../core/api/raw-response.ts'
import { parseRecordedResponse } from '../../../core/api/replay.ts'
import { SAMPLES, type SampleName } from '../../../core/api/samples.ts'
import { asTaskId, type TaskId } from '../../../core/api/task-id.ts'
import { LabelFacts } from '../../pages/task/task-labels.tsx'
import { TaskStatus } from '../../pages/task/task-status.tsx'
import type { RenderViewer } from '../../task-view/results.tsx'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import type { FollowedTask } from '../../tasks/use-task.ts'
import { Button } from '../../ui/button.tsx'
import type { Received } from '../following.ts'
import { drawn, nothing, type Scene } from './state.ts'

/** Age of the last response, and how long it took. */
const AGE = 4000
const ROUND_TRIP = 150

export function sampleId(text: string): TaskId {
  const id = asTaskId(text)
  if (id === null) throw new Error(`the gallery’s ${text} is not a task ID`)
  return id
}

export const TASK_ID = sampleId('4f9c2d1e-7a53-4c1b-9d0e-2b8f6a7c5e31')
export const OTHER_ID = sampleId('b07e61c4-18d2-4f5a-a3c9-6e4d9f120b88')

/** A check that got this sample as its response, `age` milliseconds ago. */
export function received(
  name: SampleName,
  { at, base }: Scene,
  age = AGE,
  fields: Readonly<Record<string, unknown>> | null = null,
): Received {
  const receivedAt = at - age
  const reply = SAMPLES[name].reply(at, base)
  return {
    requestedAt: receivedAt - ROUND_TRIP,
    receivedAt,
    response: parseRecordedResponse(fields === null ? reply : withData(reply, fields), receivedAt),
  }
}

/** A failed check. */
export function refused(error: ApiError, { at }: Scene, age = AGE): Received {
  const receivedAt = at - age
  return {
    requestedAt: receivedAt - ROUND_TRIP,
    receivedAt,
    response: {
      result: { ok: false, error },
      serverCache: null,
      rateLimit: null,
      notBefore: null,
      balance: null,
      unsent: false,
      serverTime: null,
    },
  }
}

interface TaskSceneProps {
  readonly following: FollowedTask
  readonly entry?: TrackedTask | null
  readonly usual?: ReactNode
  /** By default the labels of the entry. */
  readonly annotation?: ReactNode
  readonly renderViewer?: RenderViewer
}

/** The task page rendered from that. */
export const TaskScene = ({
  following,
  entry = null,
  usual = null,
  annotation = entry && <LabelFacts annotation={entry.annotation} onEdit={nothing} />,
  renderViewer,
}: TaskSceneProps) => (
  <TaskStatus
    taskId={TASK_ID}
    following={following}
    entry={entry}
    usual={usual}
    annotation={annotation}
    renderViewer={renderViewer}
    actions={<Button icon={Share2}>Share</Button>}
    onReplaceKey={nothing}
  />
)

/** The task page in a state. */
export const taskState = (
  description: string,
  following: (scene: Scene) => FollowedTask,
  play?: () => Promise<void>,
) => drawn(description, (scene) => <TaskScene following={following(scene)} />, play)
