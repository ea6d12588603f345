import { useEffect, useMemo } from 'react'
import { isTerminal } from '../../../core/api/task.ts'
import { formatNumber } from '../../lib/format.ts'
import { isPartlyFailed } from '../../task-view/status-badge.tsx'
import { timeLeftOf } from '../../task-view/use-forecast.ts'
import { groupOf, mayRun } from '../../tasks/task-group.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import type { Absence } from './list-follower.ts'
import { timeLeft } from './row-status.tsx'

interface GroupFacts {
  readonly running: number
  /** Progress of all running tasks, 0 to 100; null if nothing usable was reported. */
  readonly percent: number | null
  /** Until the last of them has ended, in words; null unless known of all. */
  readonly left: string | null
  /** Finished since the last visit; a total would mean nothing. */
  readonly done: number
  /** Those of them with failed images. */
  readonly partly: number
  readonly failed: number
}

/** Title of the tab: the number first, since tabs show little more. */
export function groupTitle({ running, percent, left, done, partly, failed }: GroupFacts): string {
  const parts = [
    running > 0 && percent !== null ? `${Math.floor(percent)}%` : null,
    running > 0 ? left : null,
    running > 0 ? `${formatNumber(running)} running` : null,
    // While some run, successes can wait; failures cannot.
    done > 0 && running === 0 ? `${formatNumber(done)} done` : null,
    partly > 0 ? `${formatNumber(partly)} partly failed` : null,
    failed > 0 ? `${formatNumber(failed)} failed` : null,
    'Loupe',
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

/** State of the favicon; `idle` keeps the default one. */
export type FaviconState = 'idle' | 'running' | 'done' | 'failed'

/* Colours that work in both themes: the browser chooses whether its tab strip is light or dark. */
const RUNNING = '#4f5be0'
const DONE = '#2b9a5f'
const FAILED = '#d2333d'
const GROUND = '#8b8c96'

const RADIUS = 12
const ROUND = 2 * Math.PI * RADIUS

const circle = (color: string, rest: string) =>
  `<circle cx="16" cy="16" r="${RADIUS}" fill="none" stroke="${color}" stroke-width="6" ${rest}/>`
const disc = (color: string, sign: string) =>
  `<circle cx="16" cy="16" r="15" fill="${color}"/><path d="${sign}" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>`

/** A ring that fills clockwise from the top, a tick or a cross; null for the default icon. */
export function faviconSvg(percent: number | null, state: FaviconState): string | null {
  const drawn = drawing(percent, state)
  return drawn === null
    ? null
    : `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawn}</svg>`
}

function drawing(percent: number | null, state: FaviconState): string | null {
  switch (state) {
    case 'idle':
      return null
    case 'done':
      return disc(DONE, 'm9 16.5 5 5 9-10')
    case 'failed':
      return disc(FAILED, 'm11 11 10 10M21 11 11 21')
    case 'running': {
      // Unknown progress: dashes, which represent no number.
      if (percent === null) return circle(RUNNING, `stroke-dasharray="${(ROUND / 12).toFixed(2)}" `)
      const whole = Math.floor(Math.min(100, Math.max(0, percent)))
      const ground = circle(GROUND, 'stroke-opacity=".35"')
      if (whole === 0) return ground
      const length = ((whole / 100) * ROUND).toFixed(2)
      return `${ground}${circle(RUNNING, `stroke-dasharray="${length} ${ROUND.toFixed(2)}" transform="rotate(-90 16 16)"`)}`
    }
  }
}

export const svgUrl = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`

const iconLink = () => document.querySelector<HTMLLinkElement>('link[rel~="icon"]')

/** Sets the favicon while mounted; it changes only with whole percents. */
function useFavicon(percent: number | null, state: FaviconState): void {
  const svg = faviconSvg(percent, state)
  useEffect(() => {
    const link = iconLink()
    if (link === null || svg === null) return
    const own = link.href
    link.href = svgUrl(svg)
    // React cleans up before the next effect, so `own` is always the default.
    return () => {
      link.href = own
    }
  }, [svg])
}

interface SignalProps {
  readonly entries: readonly TrackedTask[]
  readonly away: Absence | null
}

/** Title and icon of the tab: progress of running tasks, and what finished since last seen. */
export function Signal({ entries, away }: SignalProps) {
  const running = entries.filter(({ record: { task } }) => task !== null && !isTerminal(task))
  const known = running.flatMap(({ record: { task } }) => task?.progress ?? [])
  const percent =
    known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
  const ended = entries.flatMap(({ id, record: { task } }) => {
    const was = away?.before.get(id)
    return task !== null && isTerminal(task) && was !== undefined && mayRun(was) ? [task] : []
  })
  const failed = ended.filter(({ kind }) => kind === 'failed').length
  const partly = ended.filter(isPartlyFailed).length
  const done = ended.length - failed
  const left = useMemo(() => longestLeft(entries), [entries])
  useFavicon(
    percent,
    failed + partly > 0 ? 'failed' : running.length > 0 ? 'running' : done > 0 ? 'done' : 'idle',
  )
  return (
    <title>{groupTitle({ running: running.length, percent, left, done, partly, failed })}</title>
  )
}

/** Time until the last running task has ended; null if it is unknown of one: that one may take longest. */
function longestLeft(entries: readonly TrackedTask[]): string | null {
  const running = entries.filter((entry) => mayRun(groupOf(entry)))
  const all = running.map(({ record }) => (record.failure === null ? timeLeftOf(record) : null))
  const known = all.filter((left) => left !== null)
  return known.length === 0 || known.length < all.length
    ? null
    : timeLeft({
        from: Math.max(...known.map(({ from }) => from)),
        to: Math.max(...known.map(({ to }) => to)),
      })
}
