import type { HistoryTask } from '../../../core/api/history.ts'
import { parseTask } from '../../../core/api/wire.ts'
import { DAY, HOUR } from '../../../core/lib/units.ts'
import { type HistoryError, HistoryResult } from '../../pages/task-list/history-dialog.tsx'
import { drawn, each, type GalleryState, nothing, prefixed, type Scene } from './state.ts'
import { sampleId } from './task-scene.tsx'

/* The dialog that looks for earlier tasks. */

type Props = Parameters<typeof HistoryResult>[0]

const dialog = (description: string, props: (scene: Scene) => Partial<Props>): GalleryState =>
  drawn(description, (scene) => (
    <>
      <title>Loupe</title>
      <h1 className="sr-only">{description}</h1>
      <HistoryResult
        tasks={[]}
        total={null}
        hasMore={false}
        state="complete"
        has={() => false}
        room={5000}
        onAdd={nothing}
        onAddById={nothing}
        onRetry={nothing}
        onClose={nothing}
        {...props(scene)}
      />
    </>
  ))

const found = (count: number, at: number, fields: object = {}): readonly HistoryTask[] => {
  const data = { status: 'PROCESSED', creditsDeducted: true, ...fields }
  const task = parseTask({ status: 'success', data })
  return Array.from({ length: count }, (_, n) => ({
    id: sampleId(`task-${n}`),
    createdAt: at - n * DAY,
    task: task.ok ? task.value : null,
  }))
}

const unpaid = { creditsDeducted: false, deductedCredits: 10 }

/** The API's own words, where it has any. */
const message = 'Something went wrong on our side'

const ERRORS = {
  unavailable: () => ({ kind: 'unavailable' }),
  network: () => ({ kind: 'network' }),
  key: () => ({ kind: 'key' }),
  credits: () => ({ kind: 'credits', message: null }),
  limited: (at) => ({ kind: 'limited', until: at + HOUR, message: null }),
  rejected: () => ({ kind: 'rejected', message: 'Invalid request parameters provided' }),
  upstream: () => ({ kind: 'upstream', message }),
} as const satisfies {
  [Kind in HistoryError['kind']]: (at: number) => Extract<HistoryError, { kind: Kind }>
}

export const HISTORY_STATES = prefixed('history', {
  plain: dialog('Earlier tasks', ({ at }) => ({
    tasks: found(412, at),
    has: (id) => /^task-1\d$/.test(id),
  })),
  unpaid: dialog('Earlier tasks that are not charged yet', ({ at }) => ({
    tasks: found(3, at, unpaid),
  })),
  one: dialog('One earlier task, not charged yet, amount unknown', ({ at }) => ({
    tasks: found(1, at, { creditsDeducted: false }),
  })),
  known: dialog('Earlier tasks, all in the list', ({ at }) => ({
    tasks: found(12, at),
    has: () => true,
  })),
  most: dialog('More earlier tasks than the list can take', ({ at }) => ({
    tasks: found(5000, at, unpaid),
    has: (id) => id.endsWith('7'),
    room: 1_204,
    hasMore: true,
  })),
  none: dialog('No earlier tasks', () => ({})),
  begin: dialog('Looking for earlier tasks', () => ({ state: 'reading' })),
  reading: dialog('Looking for earlier tasks: some found', ({ at }) => ({
    tasks: found(300, at),
    total: 1_234,
    state: 'reading',
  })),
  interrupted: dialog('Looking for earlier tasks failed on the way', ({ at }) => ({
    tasks: found(300, at),
    state: { kind: 'limited', until: at + HOUR, message: null },
  })),
  ...prefixed(
    'error',
    each<HistoryError['kind'], (at: number) => HistoryError>(ERRORS, (state, kind) =>
      dialog(`Looking for earlier tasks failed: ${kind}`, ({ at }) => ({ state: state(at) })),
    ),
  ),
})
