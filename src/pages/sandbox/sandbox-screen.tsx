import { ChevronRight, FileUp, FlaskConical, Play } from 'lucide-react'
import { type ReactNode, useDeferredValue, useId, useState } from 'react'
import { MINUTE, SECOND } from '../../../core/lib/units.ts'
import type { Sandbox, SandboxEntry, Sentinel } from '../../api/sandbox.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/button.tsx'
import { FileInput } from '../../ui/file-input.tsx'
import { Link } from '../../ui/link.tsx'
import { Thumbnail } from '../../ui/thumbnail.tsx'

interface SandboxScreenProps {
  readonly sandbox: Sandbox
  /** State of the last attempt to start a task. */
  readonly start: 'idle' | 'starting' | 'failed'
  readonly onStart: () => void
  /** Reason why the last recording was rejected; null for none. */
  readonly refused: string | null
  readonly onRecording: (file: File) => void
}

export function SandboxScreen({
  sandbox,
  start,
  onStart,
  refused,
  onRecording,
}: SandboxScreenProps) {
  const { tasks, sentinels, recordings, balance } = sandbox
  return (
    <div className="grid grid-cols-1 gap-8">
      <title>Sandbox · Loupe</title>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="mt-1 text-xl font-semibold tracking-tight">Sandbox</h1>
          <p className="mt-1 text-sm text-pretty text-muted">
            A local copy of Upscayl Cloud: real upscaling, play credits.
            {balance === undefined ? '' : ` ${formatNumber(balance)} left.`}
          </p>
        </div>
        <Button look="primary" onClick={onStart} disabled={start === 'starting'} icon={Play}>
          {start === 'starting' ? 'Starting…' : 'Run a demo'}
        </Button>
      </div>
      {start === 'failed' ? (
        <p role="alert" className="-mt-4 text-sm text-bad">
          Couldn’t start a demo. Check that the server is running, then retry.
        </p>
      ) : null}
      <Section title="Demos" about="Each begins when you first open it.">
        <Rows>
          {tasks.map((task) => (
            <TitledRow key={task.id} {...task} />
          ))}
        </Rows>
      </Section>
      <TestIds sentinels={sentinels} />
      <Recordings recordings={recordings} refused={refused} onRecording={onRecording} />
      <p className="text-sm text-muted">
        Every state of every page is in the{' '}
        <Link to={paths.gallery} className="text-accent underline underline-offset-4">
          gallery
        </Link>
        .
      </p>
    </div>
  )
}

/** The page on a server whose upstream is the real API. */
export const NoSandbox = () => (
  <div className="pt-8 text-center">
    <title>Sandbox · Loupe</title>
    <FlaskConical size={24} className="mx-auto text-muted" />
    <h1 className="mt-3 text-xl font-semibold tracking-tight">No sandbox here</h1>
    <p className="mt-2 text-pretty text-muted">
      This server uses the real Upscayl Cloud. Start it without UPSCAYL_API_URL for the sandbox.
    </p>
  </div>
)

interface SectionProps {
  readonly title: string
  readonly about: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

function Section({ title, about, action, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="font-medium">
            {title}
          </h2>
          <p className="mt-0.5 text-sm text-pretty text-muted">{about}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

const Rows = ({ children }: { readonly children: ReactNode }) => (
  <ul className="mt-3 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
    {children}
  </ul>
)

interface TestIdsProps {
  readonly sentinels: readonly Sentinel[]
}

function TestIds({ sentinels }: TestIdsProps) {
  const [text, setText] = useState('')
  const filter = useDeferredValue(text.trim().toLowerCase())
  const found = sentinels.filter(({ id, says }) => `${id} ${says}`.toLowerCase().includes(filter))
  return (
    <Section
      title={`Test IDs (${sentinels.length})`}
      about="Task IDs for every response and error. Add ~ and any text for a fresh copy."
      action={
        <input
          type="search"
          aria-label="Filter test IDs"
          placeholder="Filter…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="min-h-9 w-full rounded-lg border border-line-strong bg-surface px-3 text-sm sm:w-56 pointer-coarse:min-h-11 pointer-coarse:text-base"
        />
      }
    >
      {found.length === 0 ? (
        <p className="mt-3 text-sm text-muted">No test IDs match.</p>
      ) : (
        <Rows>
          {found.map((sentinel) => (
            <SentinelRow key={sentinel.id} {...sentinel} />
          ))}
        </Rows>
      )}
    </Section>
  )
}

interface RecordingsProps extends Pick<SandboxScreenProps, 'refused' | 'onRecording'> {
  readonly recordings: readonly SandboxEntry[]
}

/** Recorded tasks of the real API, served as sandbox tasks. */
function Recordings({ recordings, refused, onRecording }: RecordingsProps) {
  const field = useId()
  return (
    <Section
      title="Recordings"
      about="Debug logs of real tasks, played back from the beginning."
      action={
        <label
          htmlFor={field}
          className="inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-lg border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
        >
          <FileUp size={16} />
          Load a recording
          <FileInput id={field} accept="application/json,.json" onFile={onRecording} />
        </label>
      }
    >
      {refused === null ? null : (
        <p role="alert" className="mt-2 text-sm text-bad">
          {refused}
        </p>
      )}
      {recordings.length === 0 ? null : (
        <Rows>
          {recordings.map((recording) => (
            <Row key={recording.id} {...recording} />
          ))}
        </Rows>
      )}
    </Section>
  )
}

const ROW =
  'flex min-h-11 items-center gap-x-4 px-4 py-2.5 text-sm -outline-offset-2 hover:bg-sunken'

const TitledRow = ({ id, title, says, source }: Sandbox['tasks'][number]) => (
  <li>
    <Link to={paths.task(id)} className={ROW}>
      <Thumbnail lazy url={source?.thumb ?? null} className="size-11 rounded-lg" />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{title}</span>
        <span className="block text-pretty text-muted">{says}</span>
      </span>
      <ChevronRight size={16} className="shrink-0 text-muted" />
    </Link>
  </li>
)

interface RowProps extends SandboxEntry {
  /** Side effect of opening it, if that needs a warning. */
  readonly warning?: string
}

const Row = ({ id, says, warning }: RowProps) => (
  <li>
    <Link to={paths.task(id)} className={ROW}>
      <span className="grid min-w-0 flex-1 gap-x-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <span className="font-mono [overflow-wrap:anywhere]">{id}</span>
        <span className="text-pretty text-muted">
          {says}
          {warning === undefined ? null : <span className="block text-warn">{warning}</span>}
        </span>
      </span>
    </Link>
  </li>
)

const SentinelRow = ({ blocksMs, ...entry }: Sentinel) =>
  blocksMs === null ? (
    <Row {...entry} />
  ) : (
    <Row {...entry} warning={`Blocks all checks of this key for ${durationText(blocksMs)}`} />
  )

function durationText(ms: number): string {
  if (ms < MINUTE) return plural(Math.ceil(ms / SECOND), 'second')
  return plural(Math.ceil(ms / MINUTE), 'minute')
}
