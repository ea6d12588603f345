import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FileUp, FlaskConical, Play } from 'lucide-react'
import { useId, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Button } from '../../components/button.tsx'
import { FileInput } from '../../components/file-input.tsx'
import { now } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import { err } from '../../lib/result.ts'
import { LONGEST_RECORDING, TOO_LARGE } from '../../upscayl/recording.ts'
import {
  addRecording,
  type Sandbox,
  type SandboxEntry,
  startDemoTask,
} from '../../upscayl/sandbox.ts'
import { sandboxQuery } from '../sandbox-query.ts'

/** Where the server runs the sandbox: its tasks, and the ids that ask for each failure. */
export function SandboxPanel() {
  const { data: sandbox } = useQuery(sandboxQuery)
  const navigate = useNavigate()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => startDemoTask('running'),
    onSuccess: (task) => task && navigate(paths.task(task.id)),
  })
  const [refused, setRefused] = useState<string | null>(null)
  const serve = async (file: File) => {
    const added =
      file.size > LONGEST_RECORDING ? err(TOO_LARGE) : await addRecording(await file.text())
    if (!added.ok) return setRefused(added.error)
    await client.invalidateQueries(sandboxQuery)
    navigate(paths.task(freshCopy(added.value.id)))
  }
  if (sandbox == null) return null
  return (
    <SandboxList
      sandbox={sandbox}
      start={
        start.isPending ? 'starting' : start.isError || start.data === null ? 'failed' : 'idle'
      }
      // isPending comes a tick late for a double click.
      onStart={() => client.isMutating() === 0 && start.mutate()}
      refused={refused}
      onRecording={(file) => void serve(file)}
    />
  )
}

/** The sandbox gives each copy of a recording a clock of its own, so that it plays from its begin. */
const freshCopy = (id: string): string => `${id}~${now().toString(36)}`

interface SandboxListProps {
  readonly sandbox: Sandbox
  /** How the last start of a task stands. */
  readonly start: 'idle' | 'starting' | 'failed'
  readonly onStart: () => void
  /** Why the last recording was not taken; null where there is nothing to say. */
  readonly refused: string | null
  readonly onRecording: (file: File) => void
}

export function SandboxList({ sandbox, start, onStart, refused, onRecording }: SandboxListProps) {
  return (
    <section aria-labelledby="sandbox-title" className="mt-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="sandbox-title" className="flex items-center gap-2 text-lg font-medium">
          <FlaskConical aria-hidden size={17} className="text-muted" />
          Sandbox
        </h2>
        <Button
          onClick={onStart}
          disabled={start === 'starting'}
          icon={<Play aria-hidden size={15} />}
        >
          Start a new task
        </Button>
      </div>
      <p className="mt-1 text-sm text-pretty text-muted">
        An Upscayl Cloud that runs on this machine. It upscales real pictures and charges play
        credits.
      </p>
      {start === 'failed' ? (
        <p role="alert" className="mt-2 text-sm text-bad">
          The sandbox could not start a task. Check that the server still runs, then try again.
        </p>
      ) : null}
      <ul className="mt-3 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
        {sandbox.tasks.map((task) => (
          <TaskRow key={task.id} id={task.id} title={task.title} says={task.says} />
        ))}
      </ul>
      <Recordings recordings={sandbox.recordings} refused={refused} onRecording={onRecording} />
      <details className="mt-4 rounded-xl border border-line bg-surface">
        <summary className="min-h-11 rounded-xl px-4 py-3 text-sm font-medium">
          Ids that ask for each answer and failure ({sandbox.sentinels.length})
        </summary>
        <ul className="divide-y divide-line border-t border-line">
          {sandbox.sentinels.map((sentinel) => (
            <SentinelRow key={sentinel.id} {...sentinel} />
          ))}
        </ul>
      </details>
    </section>
  )
}

interface RecordingsProps {
  readonly recordings: readonly SandboxEntry[]
  readonly refused: string | null
  readonly onRecording: (file: File) => void
}

/** Recorded tasks of the real API, served as tasks of the sandbox. */
function Recordings({ recordings, refused, onRecording }: RecordingsProps) {
  const field = useId()
  return (
    <div className="mt-4 rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2">
        <h3 className="text-sm font-medium">Recordings</h3>
        <label
          htmlFor={field}
          className="inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-lg text-sm text-muted hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <FileUp aria-hidden size={15} />
          Serve a recording
          <FileInput id={field} accept="application/json,.json" onFile={onRecording} />
        </label>
      </div>
      {refused === null ? null : (
        <p role="alert" className="px-4 pb-3 text-sm text-bad">
          {refused}
        </p>
      )}
      {recordings.length === 0 ? null : (
        <ul className="divide-y divide-line border-t border-line">
          {recordings.map((recording) => (
            <SentinelRow key={recording.id} {...recording} />
          ))}
        </ul>
      )}
    </div>
  )
}

interface TaskRowProps extends SandboxEntry {
  readonly title: string
}

function TaskRow({ id, title, says }: TaskRowProps) {
  return (
    <li>
      <Link
        to={paths.task(id)}
        className="flex flex-col gap-x-4 px-4 sm:flex-row sm:items-baseline sm:justify-between py-3 -outline-offset-2 hover:bg-sunken"
      >
        <span className="font-medium">{title}</span>
        <span className="text-sm text-muted">{says}</span>
      </Link>
    </li>
  )
}

function SentinelRow({ id, says }: SandboxEntry) {
  return (
    <li>
      <Link
        to={paths.task(id)}
        className="flex flex-col gap-x-4 px-4 sm:flex-row sm:items-baseline sm:justify-between py-2 -outline-offset-2 hover:bg-sunken"
      >
        <span className="font-mono text-sm">{id}</span>
        <span className="text-sm text-muted">{says}</span>
      </Link>
    </li>
  )
}
