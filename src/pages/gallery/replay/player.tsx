import { Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useState } from 'react'
import { Button, IconButton } from '../../../components/button.tsx'
import { holdClock } from '../../../lib/clock.ts'
import { formatNumber, formatStopwatch, formatUtc } from '../../../lib/format.ts'
import { followingAt } from '../following.ts'
import { TaskScene } from '../states/task-scene.tsx'
import { answersBy, type Film } from './film.ts'

/** A long night is not to be watched at its own pace. */
const SPEEDS = [1, 10, 60] as const
const TICK = 100
const STEP = 100

/** A film with its controls. The page's clock stands where the slider does. */
export function Player({ film }: { readonly film: Film }) {
  const { from, to, cuts, answers } = film
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
  const count = `${formatNumber(answersBy(film, at))} of ${formatNumber(answers.length)} answers`
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
            label="To the event before"
            onClick={() => stop(cuts.findLast((cut) => cut < at) ?? from)}
          >
            <SkipBack aria-hidden size={16} />
          </IconButton>
          <IconButton
            label={playing ? 'Pause' : 'Play'}
            onClick={() => {
              if (over) setAt(from)
              setPlaying(!playing)
            }}
          >
            {playing ? <Pause aria-hidden size={16} /> : <Play aria-hidden size={16} />}
          </IconButton>
          <IconButton label="To the next event" onClick={() => stop(cuts.find((cut) => cut > at))}>
            <SkipForward aria-hidden size={16} />
          </IconButton>
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
      <div className="mt-6">{held ? <TaskScene following={followingAt(answers, at)} /> : null}</div>
    </>
  )
}
