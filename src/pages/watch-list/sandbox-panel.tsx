import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FlaskConical, Play } from 'lucide-react'
import { Link, useNavigate } from 'react-router'
import { Button } from '../../components/button.tsx'
import { paths } from '../../lib/paths.ts'
import { type Sandbox, type SandboxEntry, startDemoTask } from '../../upscayl/sandbox.ts'
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
  if (sandbox == null) return null
  return (
    <SandboxList
      sandbox={sandbox}
      start={
        start.isPending ? 'starting' : start.isError || start.data === null ? 'failed' : 'idle'
      }
      // isPending comes a tick late for a double click.
      onStart={() => client.isMutating() === 0 && start.mutate()}
    />
  )
}

interface SandboxListProps {
  readonly sandbox: Sandbox
  /** How the last start of a task stands. */
  readonly start: 'idle' | 'starting' | 'failed'
  readonly onStart: () => void
}

export function SandboxList({ sandbox, start, onStart }: SandboxListProps) {
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
