import type { ReactNode } from 'react'
import { HOUR, MINUTE } from '../../../lib/units.ts'
import { fullAllowance } from '../../../polling/budget.ts'
import type { Asking } from '../../../polling/use-task-status.ts'
import type { CreditDays } from '../../../watchlist/credit-days.ts'
import type { LedgerRow } from '../../../watchlist/ledger.ts'
import { CreditChart } from '../../credits/credit-chart.tsx'
import { Ledger } from '../../credits/ledger.tsx'
import { DigestBanner } from '../../watch-list/digest-banner.tsx'
import { type FaviconState, faviconSvg, groupTitle, svgUrl } from '../../watch-list/group-signal.ts'
import type { NotifyPermission } from '../../watch-list/notify.ts'
import { NotifyButton } from '../../watch-list/notify-button.tsx'
import { StorageNotices, type Trouble } from '../../watch-list/storage-notices.tsx'
import { Strip, type StripFilter } from '../../watch-list/strip.tsx'
import {
  creditDays,
  fewModels,
  ledgerRow,
  MANY_MODELS,
  manyModels,
  oddRows,
  single,
} from './list-parts-samples.ts'
import { focusLabelled, press } from './play.ts'
import { each, type GalleryState, prefixed, type Scene } from './state.ts'

/* The parts of the list by themselves, with the most and the least they may have to show. */

const nothing = () => {}
const hrefOf = (filter: StripFilter | null) => (filter === null ? '?' : `?show=${filter}`)

const part = (says: string, draw: (scene: Scene) => ReactNode): GalleryState => ({
  says,
  keyGiven: true,
  page: (scene) => (
    <div className="grid grid-cols-1 gap-4">
      <title>Loupe</title>
      <h1 className="sr-only">{says}</h1>
      {draw(scene)}
    </div>
  ),
})

const asking = (sent: readonly number[], paused = false): Asking => ({
  allowance: { ...fullAllowance(), sent },
  paused,
  counted: false,
  role: 'asking',
  setPaused: nothing,
  setLimit: nothing,
})

/** So many questions within the hour, the last one just now. */
const sent = (count: number, at: number) =>
  Array.from({ length: count }, (_, n) => at - HOUR + ((n + 1) * HOUR) / (count + 1))

const COUNTS = { running: 3, done: 128, failed: 2, expiring: 5 }
const NO_COUNTS = { running: 0, done: 0, failed: 0, expiring: 0 }
const MANY = { running: 1_204, done: 1_234_567, failed: 98_765, expiring: 4_321 }

const strip = (
  says: string,
  counts: Readonly<Record<StripFilter, number>>,
  creditsToday: { amount: number; unknown: number },
  more: { chosen?: StripFilter; paused?: boolean; asked?: number } = {},
) =>
  part(says, ({ at }) => (
    <Strip
      counts={counts}
      creditsToday={creditsToday}
      asking={asking(sent(more.asked ?? 11, at), more.paused)}
      chosen={more.chosen ?? null}
      hrefOf={hrefOf}
    />
  ))

const STRIP_STATES = prefixed('strip', {
  plain: strip('The list in numbers', COUNTS, { amount: 212, unknown: 0 }),
  chosen: strip(
    'Only what failed is shown',
    COUNTS,
    { amount: 212, unknown: 3 },
    { chosen: 'failed' },
  ),
  zero: strip('Nothing anywhere', NO_COUNTS, { amount: 0, unknown: 0 }, { asked: 0 }),
  huge: strip(
    'Very many of everything',
    MANY,
    { amount: 12_345_678, unknown: 1_204 },
    { chosen: 'done' },
  ),
  paused: strip('All questions are paused', COUNTS, { amount: 0, unknown: 2 }, { paused: true }),
  'used-up': strip('The hour is used up', COUNTS, { amount: 34, unknown: 0 }, { asked: 98 }),
})

const chart = (says: string, credits: (at: number) => CreditDays) =>
  part(says, ({ at }) => <CreditChart credits={credits(at)} />)

const CHART_STATES = prefixed('chart', {
  plain: chart('Credits by day, three models', fewModels),
  day: {
    ...chart('One day of the chart', fewModels),
    play: () => focusLabelled(/^Sat 27 Dec/),
  },
  table: { ...chart('Credits by day as a table', fewModels), play: () => press(/^Table$/) },
  models: chart('More models than colours, one with a long name', (at) => ({
    ...manyModels(at),
    unknown: 3,
  })),
  'models-table': { ...chart('Many models as a table', manyModels), play: () => press(/^Table$/) },
  huge: chart('Very many credits', (at) => creditDays(at, MANY_MODELS.slice(0, 6), 2_400_000)),
  single: chart('One credit in two weeks', single),
  empty: chart('No credits in two weeks', (at) => creditDays(at, [], 0)),
  unnamed: chart('Credits whose amount nobody named', (at) => ({
    ...creditDays(at, [], 0),
    unknown: 2,
  })),
})

const digest = (
  says: string,
  words: Parameters<typeof DigestBanner>[0]['words'],
  pending: (at: number) => Parameters<typeof DigestBanner>[0]['pending'],
) =>
  part(says, ({ at }) => (
    <DigestBanner
      words={words}
      since={at - 3 * HOUR - 12 * MINUTE}
      pending={pending(at)}
      onDismiss={nothing}
    />
  ))

const word = (text: string, filter: StripFilter) => ({ text, href: hrefOf(filter) })
const later = (count: number) => (at: number) => ({ count, nextAt: at + 2 * HOUR + 20 * MINUTE })

const DIGEST_STATES = prefixed('digest', {
  plain: digest(
    'What happened meanwhile',
    [
      word('2 finished', 'done'),
      word('1 failed', 'failed'),
      word('1 file expires in 40 min', 'expiring'),
    ],
    () => null,
  ),
  pending: digest('Some are still to be asked', [word('12 finished', 'done')], later(3)),
  unasked: digest('Nothing was asked yet', [], later(1_204)),
  long: digest(
    'Much happened meanwhile',
    [
      word('1,234 finished', 'done'),
      word('98 failed', 'failed'),
      { text: '7 are refused by the API', href: null },
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

const storage = (says: string, troubles: readonly Trouble[]) =>
  part(says, () => (
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
    storage(`What is remembered: ${kind}`, [trouble]),
  ),
  remove: {
    ...storage('Removing what cannot be read', [{ kind: 'unreadable', count: 1 }]),
    play: () => press(/^Remove it$/),
  },
  all: storage('Everything at once', Object.values(TROUBLES)),
})

const ledger = (says: string, rows: (at: number) => readonly LedgerRow[]) =>
  part(says, ({ at }) => <Ledger rows={rows(at)} onExportCsv={nothing} onExportList={nothing} />)

const LEDGER_STATES = prefixed('ledger', {
  plain: ledger('What each task cost', (at) =>
    Array.from({ length: 8 }, (_, n) => ledgerRow(at, n)),
  ),
  odd: ledger('Whatever a row may say', oddRows),
  many: ledger('Two thousand tasks', (at) =>
    Array.from({ length: 2000 }, (_, n) => ledgerRow(at, n)),
  ),
  empty: ledger('Nothing is known of credits', () => []),
})

const PERMISSIONS: Readonly<Record<Exclude<NotifyPermission, 'unsupported'>, string>> = {
  off: 'Notifications are off',
  on: 'Notifications are on',
  denied: 'The browser denies notifications',
}

const NOTIFY_STATES = prefixed(
  'notify',
  each(PERMISSIONS, (says, permission) =>
    part(says, () => (
      <div>
        <NotifyButton notifications={{ permission, ask: nothing }} />
      </div>
    )),
  ),
)

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
          done: state === 'done' ? 12 : 0,
          failed: state === 'failed' ? 2 : 0,
        })}
      </p>
    )),
  ),
}

export const LIST_PARTS_STATES = {
  ...STRIP_STATES,
  ...CHART_STATES,
  ...DIGEST_STATES,
  ...STORAGE_STATES,
  ...LEDGER_STATES,
  ...NOTIFY_STATES,
  ...SIGNAL_STATES,
}
