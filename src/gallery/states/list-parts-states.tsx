import type { ReactNode } from 'react'
import { HOUR, MINUTE } from '../../../core/lib/units.ts'
import { BalanceLine } from '../../pages/credits/balance-line.tsx'
import { CreditChart } from '../../pages/credits/credit-chart.tsx'
import { DailyLimit } from '../../pages/credits/daily-limit.tsx'
import { Ledger } from '../../pages/credits/ledger.tsx'
import { DigestBanner } from '../../pages/task-list/digest-banner.tsx'
import { FilterChips } from '../../pages/task-list/filter-chips.tsx'
import type { Filter } from '../../pages/task-list/filters.ts'
import { SelectionBar } from '../../pages/task-list/selection-bar.tsx'
import { type FaviconState, faviconSvg, groupTitle, svgUrl } from '../../pages/task-list/signal.tsx'
import { StorageNotices, type Trouble } from '../../pages/task-list/storage-notices.tsx'
import type { CreditDays } from '../../tasks/credit-days.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import {
  creditDays,
  fewModels,
  ledgerRow,
  MANY_MODELS,
  manyModels,
  oddRows,
  single,
} from './list-parts-samples.ts'
import { focusLabelled, pick, press, type } from './play.ts'
import { drawn, each, type GalleryState, nothing, prefixed, type Scene } from './state.ts'

/* Parts of the list on their own, with maximum and minimum content. */

const hrefOf = (filter: Filter) => `?show=${filter}`

const part = (description: string, draw: (scene: Scene) => ReactNode): GalleryState =>
  drawn(description, (scene) => (
    <div className="grid grid-cols-1 gap-4">
      <title>Loupe</title>
      <h1 className="sr-only">{description}</h1>
      {draw(scene)}
    </div>
  ))

const COUNTS = { all: 138, running: 3, done: 128, failed: 2, refused: 5, expiring: 5 }
const NO_COUNTS = { all: 0, running: 0, done: 0, failed: 0, refused: 0, expiring: 0 }
const MANY = {
  all: 1_339_721,
  running: 1_204,
  done: 1_234_567,
  failed: 98_765,
  refused: 5_185,
  expiring: 4_321,
}

const chips = (
  description: string,
  counts: Readonly<Record<Filter, number>>,
  selected: Filter | null = 'all',
) => part(description, () => <FilterChips counts={counts} selected={selected} onSelect={nothing} />)

const CHIPS_STATES = prefixed('chips', {
  plain: chips('The list in numbers', COUNTS),
  selected: chips('Filtered: failed tasks', COUNTS, 'failed'),
  zero: chips('No tasks', NO_COUNTS),
  huge: chips('Very large numbers', MANY, 'done'),
  other: chips('Several filters at once', COUNTS, null),
})

const selection = (description: string, count: number, left: number | null, savable: number) =>
  part(description, () => (
    <SelectionBar
      count={count}
      left={left}
      savable={savable}
      ended={2}
      onCheck={nothing}
      onSave={nothing}
      onAgain={nothing}
      onShare={nothing}
      onLabel={nothing}
      onRemove={nothing}
      onClear={nothing}
    />
  ))

const SELECTION_STATES = prefixed('selection', {
  plain: selection('Tasks are selected', 4, 91, 2),
  few: selection('Fewer checks than tasks', 2_000, 12, 1_204),
  none: selection('No checks, no files', 3, 0, 0),
})

const chart = (description: string, credits: (at: number) => CreditDays) =>
  part(description, ({ at }) => <CreditChart credits={credits(at)} />)

const CHART_STATES = prefixed('chart', {
  plain: chart('Credits by day, three models', fewModels),
  day: { ...chart('One day of the chart', fewModels), play: () => focusLabelled(/^Sat 27 Dec/) },
  table: { ...chart('Credits by day as a table', fewModels), play: () => pick(/^Table$/) },
  models: chart('More models than colours, one with a long name', (at) => ({
    ...manyModels(at),
    unknown: 3,
  })),
  'models-table': { ...chart('Many models as a table', manyModels), play: () => pick(/^Table$/) },
  huge: chart('Very many credits', (at) => creditDays(at, MANY_MODELS.slice(0, 6), 2_400_000)),
  single: chart('One credit in two weeks', single),
  empty: chart('No credits in two weeks', (at) => creditDays(at, [], 0)),
  unnamed: chart('Credits without a reported amount', (at) => ({
    ...creditDays(at, [], 0),
    unknown: 2,
  })),
})

const digest = (
  description: string,
  words: Parameters<typeof DigestBanner>[0]['words'],
  pending: (at: number) => Parameters<typeof DigestBanner>[0]['pending'],
) =>
  part(description, ({ at }) => (
    <DigestBanner
      words={words}
      since={at - 3 * HOUR - 12 * MINUTE}
      pending={pending(at)}
      onDismiss={nothing}
    />
  ))

const word = (text: string, filter: Filter) => ({ text, href: hrefOf(filter) })
const later = (count: number) => (at: number) => ({ count, nextAt: at + 2 * HOUR + 20 * MINUTE })

const DIGEST_STATES = prefixed('digest', {
  plain: digest(
    'While you were away',
    [
      word('2 finished', 'done'),
      word('1 failed', 'failed'),
      word('1 file expires in 40 min', 'expiring'),
    ],
    () => null,
  ),
  pending: digest(
    'While you were away: some not checked yet',
    [word('12 finished', 'done')],
    later(3),
  ),
  unchecked: digest('While you were away: nothing checked yet', [], later(1_204)),
  long: digest(
    'While you were away: large numbers',
    [
      word('1,234 finished', 'done'),
      word('98 failed', 'failed'),
      { text: '7 not found', href: null },
      word('4,321 files expire within 24 h', 'expiring'),
      { text: '12,345,678 credits deducted', href: '?ledger' },
    ],
    () => ({ count: 3, nextAt: null }),
  ),
})

const TROUBLES = {
  denied: { kind: 'denied' },
  silent: { kind: 'silent' },
  full: { kind: 'full', changes: 12 },
  unreadable: { kind: 'unreadable', count: 3 },
  newer: { kind: 'newer', count: 2 },
  outdated: { kind: 'outdated' },
  left: { kind: 'left', count: 1_204, most: 5000 },
} as const satisfies { [Kind in Trouble['kind']]: Extract<Trouble, { kind: Kind }> }

const storage = (description: string, troubles: readonly Trouble[]) =>
  part(description, () => (
    <StorageNotices
      troubles={troubles}
      onExport={nothing}
      onRetry={nothing}
      onSaveUnreadable={nothing}
      onRemoveUnreadable={nothing}
      onReload={nothing}
      onDismiss={nothing}
    />
  ))

const STORAGE_STATES = prefixed('storage', {
  ...each<Trouble['kind'], Trouble>(TROUBLES, (trouble, kind) =>
    storage(`Storage notice: ${kind}`, [trouble]),
  ),
  remove: {
    ...storage('Removing unreadable tasks', [{ kind: 'unreadable', count: 1 }]),
    play: () => press(/^Remove it$/),
  },
  all: storage('All storage notices at once', Object.values(TROUBLES)),
})

const ledger = (description: string, rows: (at: number) => readonly LedgerRow[]) =>
  part(description, ({ at, base }) => (
    <Ledger
      rows={rows(at)}
      thumbOf={(id) => (id.endsWith('2') ? null : `${base}/samples/dunes.webp`)}
      onExport={nothing}
    />
  ))

const LEDGER_STATES = prefixed('ledger', {
  plain: ledger('Credits of each task', (at) =>
    Array.from({ length: 8 }, (_, n) => ledgerRow(at, n)),
  ),
  odd: ledger('Every kind of row', oddRows),
  many: ledger('Two thousand tasks', (at) =>
    Array.from({ length: 2000 }, (_, n) => ledgerRow(at, n)),
  ),
  empty: ledger('No credits yet', () => []),
})

const dailyLimit = (says: string, limit: number | null, used: number, expected: number) =>
  part(says, () => <DailyLimit limit={limit} today={{ used, expected }} onLimit={nothing} />)

const LIMIT_STATES = prefixed('daily-limit', {
  none: dailyLimit('No daily limit', null, 70, 0),
  plain: dailyLimit('A daily limit', 200, 90, 40),
  over: dailyLimit('A daily limit that is passed', 200, 190, 40),
  invalid: {
    ...dailyLimit('A daily limit that is no number', null, 0, 0),
    play: async () => {
      await type('many')
      await press(/^Set limit$/)
    },
  },
})

const BALANCE_STATES = prefixed('balance', {
  plain: part('The account’s balance', ({ at }) => (
    <BalanceLine credits={990} extra={25} at={at - 3 * MINUTE} />
  )),
  extra: part('Only extra credits', ({ at }) => <BalanceLine credits={null} extra={1} at={at} />),
})

const ICONS: readonly [number | null, FaviconState][] = [
  [null, 'running'],
  ...[0, 1, 12, 42, 75, 99, 100].map((percent) => [percent, 'running'] as [number, FaviconState]),
  [null, 'done'],
  [null, 'failed'],
]

const SIGNAL_STATES = {
  signal: part('The tab’s title and icon', () =>
    ICONS.map(([percent, state]) => (
      <p key={`${state} ${percent}`} className="flex items-center gap-4">
        {[16, 32, 64].map((size) => (
          <img key={size} alt="" width={size} src={svgUrl(faviconSvg(percent, state) ?? '')} />
        ))}
        {groupTitle({
          running: state === 'running' ? 3 : 0,
          percent,
          left: percent === null ? null : '~20 s',
          done: state === 'done' ? 12 : 0,
          partly: state === 'failed' ? 1 : 0,
          failed: state === 'failed' ? 2 : 0,
        })}
      </p>
    )),
  ),
}

export const LIST_PARTS_STATES = {
  ...CHIPS_STATES,
  ...SELECTION_STATES,
  ...CHART_STATES,
  ...DIGEST_STATES,
  ...STORAGE_STATES,
  ...LEDGER_STATES,
  ...LIMIT_STATES,
  ...BALANCE_STATES,
  ...SIGNAL_STATES,
}
