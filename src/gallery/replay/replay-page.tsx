import { FileUp, Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useState } from 'react'
import { noResponse, type ParsedResponse } from '../../../core/api/parse-response.ts'
import {
  MAX_RECORDING_LENGTH,
  type RecordedResponse,
  type Recording,
  readRecording,
  TOO_LARGE,
} from '../../../core/api/recording.ts'
import { parseRecordedResponse, replyAt } from '../../../core/api/replay.ts'
import { fileText } from '../../lib/browser/file-text.ts'
import { holdClock } from '../../lib/clock.ts'
import { formatNumber, formatStopwatch, formatUtc } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FileInput } from '../../ui/file-input.tsx'
import { Link } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useFileDrop } from '../../ui/use-file-drop.ts'
import { followingAt, type Received } from '../following.ts'
import { loadPictures, pictures } from '../stage.tsx'
import { TaskScene } from '../states/task-scene.tsx'

/** Replays a recorded task. The file never leaves this browser. */
export function ReplayPage() {
  const [shown, setShown] = useState<{ name: string; film: Film } | null>(null)
  const [error, setError] = useState<string | null>(null)

  const open = async (file: File) => {
    const text = await fileText(file, MAX_RECORDING_LENGTH, TOO_LARGE)
    const read = text.ok ? readRecording(text.value) : text
    await loadPictures()
    setError(read.ok ? null : read.error)
    if (read.ok) setShown({ name: file.name, film: filmOf(read.value, pictures()) })
  }

  return (
    <>
      <title>Replay · Loupe</title>
      <h1 className="mt-2 text-xl font-semibold tracking-tight sm:mt-6">Replay a recording</h1>
      <p className="mt-1 text-pretty text-muted">
        Plays back the responses about a task as its page showed them. Links were removed from the
        recording, so sample images are shown.{' '}
        <Link to={paths.gallery} className="text-accent underline underline-offset-4">
          All states
        </Link>
      </p>
      <Chooser name={shown?.name ?? null} onFile={(file) => void open(file)} />
      {error === null ? null : (
        <div className="mt-4" role="alert">
          <Notice tone="bad" title="This file can’t be played">
            <p>
              {error} {shown === null ? '' : `${shown.name} stays.`}
            </p>
          </Notice>
        </div>
      )}
      {shown === null ? null : <Player key={shown.film.from} film={shown.film} />}
    </>
  )
}

interface ChooserProps {
  readonly name: string | null
  readonly onFile: (file: File) => void
}

function Chooser({ name, onFile }: ChooserProps) {
  const id = useId()
  const { isOver, handlers } = useFileDrop(onFile)
  return (
    <div
      {...handlers}
      className={`mt-5 rounded-xl border border-dashed text-center text-sm ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'} ${name === null ? 'px-5 py-10' : 'px-4 py-3'}`}
    >
      <label
        htmlFor={id}
        className="inline-flex min-h-9 max-w-full cursor-pointer items-center gap-2 rounded-lg px-2 font-medium has-[+input:focus-visible]:outline-2 has-[+input:focus-visible]:outline-accent"
      >
        <FileUp size={16} className="shrink-0 text-muted" />
        <span className="truncate">{name ?? 'Choose a recording'}</span>
      </label>
      <FileInput id={id} accept="application/json,.json" aria-label="Recording" onFile={onFile} />
      <span className="text-muted">
        {name === null ? 'or drop it here' : '· choose or drop another'}
      </span>
    </div>
  )
}

/** Long recordings need faster playback. */
const SPEEDS = [1, 10, 60] as const
const TICK = 100
const STEP = 100

/** Player with controls. The slider moves the page's clock. */
function Player({ film }: { readonly film: Film }) {
  const { from, to, cuts, responses } = film
  const [at, setAt] = useState(from)
  const [held, setHeld] = useState(false)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1)
  const slider = useId()

  useLayoutEffect(() => {
    holdClock(at)
    setHeld(true)
  }, [at])
  useLayoutEffect(() => () => holdClock(null), [])

  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => setAt((now) => Math.min(to, now + TICK * speed)), TICK)
    return () => clearInterval(timer)
  }, [playing, speed, to])
  const over = at >= to
  useEffect(() => {
    if (over) setPlaying(false)
  }, [over])

  const stop = (next: number | undefined) => {
    setPlaying(false)
    if (next !== undefined) setAt(next)
  }
  const count = `${formatNumber(responsesBy(film, at))} of ${formatNumber(responses.length)} responses`
  return (
    <>
      <section
        aria-label="Player"
        className="sticky top-2 z-10 mt-4 rounded-xl border border-line bg-surface p-3 shadow-sm"
      >
        <label htmlFor={slider} className="sr-only">
          Time
        </label>
        <input
          id={slider}
          type="range"
          min={0}
          max={to - from}
          step={STEP}
          value={at - from}
          onChange={(event) => stop(from + Number(event.target.value))}
          aria-valuetext={`${formatStopwatch(at - from)}, ${count}`}
          className="block h-6 w-full accent-[var(--accent)]"
        />
        <div className="mt-1 flex flex-wrap items-center gap-x-1 gap-y-2 text-sm text-muted">
          <IconButton
            icon={SkipBack}
            label="To the event before"
            onClick={() => stop(cuts.findLast((cut) => cut < at) ?? from)}
          />
          <IconButton
            label={playing ? 'Pause' : 'Play'}
            onClick={() => {
              if (over) setAt(from)
              setPlaying(!playing)
            }}
          >
            {playing ? <Pause size={16} /> : <Play size={16} />}
          </IconButton>
          <IconButton
            icon={SkipForward}
            label="To the next event"
            onClick={() => stop(cuts.find((cut) => cut > at))}
          />
          <Button
            look="quiet"
            aria-label={`Speed: ${speed} times`}
            onClick={() => setSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1)}
          >
            {speed}×
          </Button>
          <p className="ml-auto">
            <span className="font-medium text-ink">{formatStopwatch(at - from)}</span> of{' '}
            {formatStopwatch(to - from)} · {count}
            <span className="max-sm:hidden"> · {formatUtc(at)}</span>
          </p>
        </div>
      </section>
      <div className="mt-6">
        {held ? <TaskScene following={followingAt(responses, at)} /> : null}
      </div>
    </>
  )
}

/** A recording that can be shown at any of its times (epoch ms). */
interface Film {
  readonly responses: readonly Received[]
  readonly from: number
  readonly to: number
  /** Times of changes: requests sent and responses received, ascending. */
  readonly cuts: readonly number[]
}

/** Keeps the last response visible for a while. */
const TAIL = 10_000

/** `base`: URL of the placeholder images, without a trailing slash. */
function filmOf({ answers }: Recording, base: string): Film {
  const read = answers.map((response) => ({
    requestedAt: response.askedAt,
    receivedAt: response.answeredAt,
    response: parsed(response, base),
  }))
  const cuts = [...new Set(answers.flatMap(({ askedAt, answeredAt }) => [askedAt, answeredAt]))]
  return {
    responses: read,
    from: cuts[0] ?? 0,
    to: (cuts[cuts.length - 1] ?? 0) + TAIL,
    cuts,
  }
}

function parsed(response: RecordedResponse, base: string): ParsedResponse {
  return response.kind === 'silence'
    ? noResponse(response.why)
    : parseRecordedResponse(replyAt(response.reply, { base, shift: 0 }), response.answeredAt)
}

/** Number of responses received by then. */
const responsesBy = ({ responses }: Film, at: number): number =>
  responses.filter(({ receivedAt }) => receivedAt <= at).length
