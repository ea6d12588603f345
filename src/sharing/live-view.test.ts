import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { err, ok } from '../../core/lib/result.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../core/record/task-record.ts'
import type { SharedTask, ShareError } from '../api/shares.ts'
import { INITIAL, type LiveViewState, nextState } from './live-view.ts'

const AT = Date.UTC(2026, 10, 24, 12)
const RECORD: TaskRecord = { ...EMPTY_RECORD, seenAt: AT - 4 * SECOND, requestCount: 3 }
const VIEW: SharedTask = {
  taskId: 'a-task' as TaskId,
  record: RECORD,
  shown: { credits: true, links: false },
  endsAt: AT + 60 * MINUTE,
  now: AT,
  nextInMs: 4000,
}

describe('a successful update', () => {
  it('shows the record, and is repeated when the server says', () => {
    const { record: _, now: __, nextInMs: ___, ...rest } = VIEW
    expect(nextState(INITIAL, ok(VIEW), AT)).toEqual({
      seen: { ...rest, record: RECORD },
      fault: null,
      failures: 0,
      dueAt: AT + 4000,
    })
  })

  it('is the last one when nothing can change', () => {
    expect(nextState(INITIAL, ok({ ...VIEW, nextInMs: null }), AT).dueAt).toBeNull()
  })

  it('uses the clock of this device, however wrong it is', () => {
    const ahead = 3 * 60 * MINUTE
    const { seen } = nextState(INITIAL, ok({ ...VIEW, now: AT + ahead }), AT)
    expect(seen?.record.seenAt).toBe(AT - 4 * SECOND - ahead)
    expect(seen?.record.clockSkew).toBe(ahead)
    expect(seen?.endsAt).toBe(VIEW.endsAt - ahead)
  })

  it('rejects anything that is not a record', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        expect(nextState(INITIAL, ok({ ...VIEW, record }), AT)).toMatchObject({
          seen: null,
          fault: { kind: 'refused' },
        })
      }),
    )
  })
})

describe('a failed update', () => {
  const seen = nextState(INITIAL, ok(VIEW), AT)
  const again = (fault: ShareError, before: LiveViewState = seen) =>
    nextState(before, err(fault), AT)
  const refused: ShareError = { kind: 'refused', message: 'No.' }

  it('keeps the last known state', () => {
    expect(again({ kind: 'network' }).seen).toBe(seen.seen)
    expect(again({ kind: 'revoked' }).seen).toBe(seen.seen)
  })

  it.each([{ kind: 'network' } as const, refused])(
    'is repeated after $kind, ever later',
    (fault) => {
      const waits: number[] = []
      let viewing = seen
      for (let n = 0; n < 8; n++) {
        viewing = again(fault, viewing)
        waits.push((viewing.dueAt ?? 0) - AT)
      }
      expect(waits.map((wait) => wait / SECOND)).toEqual([5, 10, 20, 40, 80, 120, 120, 120])
      expect(nextState(viewing, ok(VIEW), AT).failures).toBe(0)
    },
  )

  it.each(['ended', 'revoked', 'unknown', 'unavailable'] as const)(
    'is the last after %s',
    (kind) => {
      expect(again({ kind })).toMatchObject({ fault: { kind }, dueAt: null })
    },
  )
})
