import { History, X } from 'lucide-react'
import { Fragment, useCallback } from 'react'
import { Link } from 'react-router'
import { IconButton } from '../../components/button.tsx'
import { TimeText } from '../../components/time-text.tsx'
import { useReading } from '../../lib/clock.ts'
import { ago, formatClockTime, formatNumber } from '../../lib/format.ts'

/** One thing that happened: "2 finished". */
export interface DigestPart {
  readonly text: string
  /** Where it is to be seen; null for nowhere. */
  readonly href: string | null
}

interface DigestBannerProps {
  /** Empty while nothing is to be told. They are read out when they change, so they should not tick. */
  readonly words: readonly DigestPart[]
  /** When the list was last looked at, epoch milliseconds. */
  readonly since: number
  /** Tasks that were not asked since; null for none. */
  readonly pending: { readonly count: number; readonly nextAt: number | null } | null
  readonly onDismiss: () => void
}

/**
 * What happened since the last visit. Also where nothing did it leaves a status in the page: what is
 * put into one is read out, what comes together with it is not.
 */
export function DigestBanner({ words, since, pending, onDismiss }: DigestBannerProps) {
  const empty = words.length === 0 && pending === null
  return (
    <div
      className={
        empty ? '' : 'flex gap-3 rounded-xl border border-line bg-surface py-2.5 pr-2 pl-4'
      }
    >
      {empty ? null : <History aria-hidden size={18} className="mt-1.5 shrink-0 text-accent" />}
      <div className="min-w-0 flex-1 py-1">
        <p role="status" className="text-pretty">
          {empty ? null : <Happened words={words} />}
        </p>
        {empty ? null : (
          <p className="mt-0.5 text-sm text-pretty text-muted">
            Last visit <Since at={since} />
            {pending === null ? null : ` · ${pendingText(pending)}`}
          </p>
        )}
      </div>
      {empty ? null : (
        <IconButton label="Dismiss" onClick={onDismiss}>
          <X aria-hidden size={17} />
        </IconButton>
      )}
    </div>
  )
}

function Happened({ words }: Pick<DigestBannerProps, 'words'>) {
  return (
    <>
      <span className="font-medium">While you were away: </span>
      {words.length === 0 ? 'nothing new so far' : null}
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
          {index === words.length - 1 ? null : <span className="text-muted">{'\u00a0· '}</span>}
        </Fragment>
      ))}
    </>
  )
}

function Since({ at }: { readonly at: number }) {
  const text = useReading(useCallback((now: number) => ago(at, now), [at]))
  return <TimeText at={at}>{text}</TimeText>
}

function pendingText({ count, nextAt }: { count: number; nextAt: number | null }): string {
  const open = `${formatNumber(count)} still to be asked`
  return nextAt === null ? open : `${open}, the next at ${formatClockTime(nextAt)}`
}
