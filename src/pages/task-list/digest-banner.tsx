import { History, X } from 'lucide-react'
import { Fragment } from 'react'
import { MINUTE } from '../../../core/lib/units.ts'
import { type Reading, useReading } from '../../lib/clock.ts'
import { formatClockTime, formatNumber } from '../../lib/format.ts'
import { type Digest, type DigestWord, digest, digestWords } from '../../tasks/digest.ts'
import { DEFAULT_QUERY, type ListQuery } from '../../tasks/list-query.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { IconButton } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { Age } from '../../ui/time-text.tsx'
import type { Absence } from './list-follower.ts'

/** One kind of event: "2 finished". */
export interface DigestPart {
  readonly text: string
  /** URL of the matching tasks; null for none. */
  readonly href: string | null
}

interface DigestBannerProps {
  /** Empty if there is nothing to report. Changes are announced, so they should be rare. */
  readonly words: readonly DigestPart[]
  /** Time of the last visit, epoch milliseconds. */
  readonly since: number
  /** Tasks not checked since then; null for none. */
  readonly pending: { readonly count: number; readonly nextAt: number | null } | null
  readonly onDismiss: () => void
}

/**
 * Events since the last visit. Rendered even when empty: text added to a status is announced, text
 * that appears together with it is not.
 */
export function DigestBanner({ words, since, pending, onDismiss }: DigestBannerProps) {
  const empty = words.length === 0 && pending === null
  return (
    <div
      className={
        empty ? '' : 'flex gap-3 rounded-xl border border-line bg-surface py-2.5 pr-2 pl-4'
      }
    >
      {empty ? null : <History size={18} className="mt-1.5 shrink-0 text-accent" />}
      <div className="min-w-0 flex-1 py-1">
        <p role="status" className="text-pretty">
          {empty ? null : (
            <>
              <span className="font-medium">While you were away: </span>
              {words.length === 0 ? 'nothing new yet' : null}
              {words.map(({ text, href }, index) => (
                <Fragment key={text}>
                  {href === null ? (
                    text
                  ) : (
                    <Link
                      to={href}
                      className="rounded-sm underline decoration-line-strong underline-offset-4 hover:decoration-current"
                    >
                      {text}
                    </Link>
                  )}
                  {index === words.length - 1 ? null : (
                    <span className="text-muted">{'\u00a0· '}</span>
                  )}
                </Fragment>
              ))}
            </>
          )}
        </p>
        {empty ? null : (
          <p className="mt-0.5 text-sm text-pretty text-muted">
            Last visit <Age at={since} />
            {pending === null ? null : ` · ${pendingText(pending)}`}
          </p>
        )}
      </div>
      {empty ? null : <IconButton icon={X} label="Dismiss" onClick={onDismiss} />}
    </div>
  )
}

function pendingText({ count, nextAt }: { count: number; nextAt: number | null }): string {
  const open = `${formatNumber(count)} not checked yet`
  return nextAt === null ? open : `${open}, next at ${formatClockTime(nextAt)}`
}

interface DigestedProps {
  readonly entries: readonly TrackedTask[]
  readonly away: Absence
  readonly nextAt: number | null
  readonly hrefOf: (view: ListQuery) => string
  readonly onDismiss: () => void
}

/** Events while the user was away. It fills as the tasks are checked one by one. */
export function Digested({ entries, away, nextAt, hrefOf, onDismiss }: DigestedProps) {
  const { happened, words } = useReading(readDigest, entries, away)
  return (
    <div className="mt-4">
      <DigestBanner
        words={words.map(({ text, about }) => {
          const view = VIEWS[about]
          return { text, href: view && hrefOf({ ...DEFAULT_QUERY, ...view }) }
        })}
        since={away.since}
        pending={happened.unchecked === 0 ? null : { count: happened.unchecked, nextAt }}
        onDismiss={onDismiss}
      />
    </div>
  )
}

/** Changes are announced, so it does not count down by the minute. */
const AS_GOOD_AS_NEW = 10 * MINUTE

function readDigest(
  entries: readonly TrackedTask[],
  away: Absence,
  now: number,
): Reading<{ happened: Digest; words: readonly DigestWord[] }> {
  const happened = digest(away.before, entries, away.since, now)
  const words = digestWords(happened, now)
  return { value: { happened, words }, changesAt: now + AS_GOOD_AS_NEW }
}

const VIEWS: Readonly<Record<DigestWord['about'], Partial<ListQuery> | null>> = {
  finished: { groups: ['done'], sort: 'checked' },
  failed: { groups: ['failed'], sort: 'checked' },
  refused: { groups: ['refused'], sort: 'checked' },
  expired: null,
  expiring: { within: '24h', sort: 'expires', descending: false },
}
