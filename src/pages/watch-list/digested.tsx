import { useCallback } from 'react'
import { type Reading, useReading } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/units.ts'
import { type Digest, type DigestWord, digest, digestWords } from '../../watchlist/digest.ts'
import type { Entry } from '../../watchlist/entry.ts'
import { DEFAULT_VIEW, type View } from '../../watchlist/view.ts'
import { DigestBanner } from './digest-banner.tsx'
import type { Away } from './keeper.ts'

interface DigestedProps {
  readonly entries: readonly Entry[]
  readonly away: Away
  readonly nextAt: number | null
  readonly hrefOf: (view: View) => string
  readonly onDismiss: () => void
}

/** It is read out when it changes, so it does not count down by the minute. */
const AS_GOOD_AS_NEW = 10 * MINUTE

/** What happened while nobody looked. It fills as the tasks are asked again, one after the other. */
export function Digested({ entries, away, nextAt, hrefOf, onDismiss }: DigestedProps) {
  const { happened, words } = useReading(
    useCallback(
      (now: number): Reading<{ happened: Digest; words: readonly DigestWord[] }> => {
        const happened = digest(away.before, entries, away.since, now)
        const words = digestWords(happened, now)
        return { value: { happened, words }, changesAt: now + AS_GOOD_AS_NEW }
      },
      [entries, away],
    ),
  )
  const href = ({ about }: DigestWord) => {
    const view = VIEWS[about]
    return view === null ? null : hrefOf({ ...DEFAULT_VIEW, ...view })
  }
  return (
    <div className="mt-4">
      <DigestBanner
        words={words.map((word) => ({ text: word.text, href: href(word) }))}
        since={away.since}
        pending={happened.unasked === 0 ? null : { count: happened.unasked, nextAt }}
        onDismiss={onDismiss}
      />
    </div>
  )
}

const VIEWS: Readonly<Record<DigestWord['about'], Partial<View> | null>> = {
  finished: { groups: ['done'], sort: 'checked' },
  failed: { groups: ['failed'], sort: 'checked' },
  refused: { groups: ['refused'], sort: 'checked' },
  expired: null,
  expiring: { within: '24h', sort: 'expires', descending: false },
}
