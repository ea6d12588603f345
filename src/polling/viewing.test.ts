import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '../lib/result.ts'
import { MINUTE, SECOND } from '../lib/units.ts'
import type { SharedTask, ShareError } from '../upscayl/shares.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { type TaskRecord, UNASKED } from './task-record.ts'
import { UNSEEN, type Viewing, viewingAfter } from './viewing.ts'

const AT = Date.UTC(2026, 10, 24, 12)
const RECORD: TaskRecord = { ...UNASKED, seenAt: AT - 4 * SECOND, questions: 3 }
const VIEW: SharedTask = {
  taskId: 'a-task' as TaskId,
  record: RECORD,
  shown: { credits: true, links: false },
  endsAt: AT + 60 * MINUTE,
  now: AT,
  nextInMs: 4000,
}

describe('a look that was answered', () => {
  it('shows the record, and is repeated when the server says', () => {
    const { record: _, now: __, nextInMs: ___, ...rest } = VIEW
    expect(viewingAfter(UNSEEN, ok(VIEW), AT)).toEqual({
      seen: { ...rest, record: RECORD },
      fault: null,
      failures: 0,
      dueAt: AT + 4000,
    })
  })

  it('is the last where nothing new can come', () => {
    expect(viewingAfter(UNSEEN, ok({ ...VIEW, nextInMs: null }), AT).dueAt).toBeNull()
  })

  it('is told by the clock of this device, however wrong that one is', () => {
    const ahead = 3 * 60 * MINUTE
    const { seen } = viewingAfter(UNSEEN, ok({ ...VIEW, now: AT + ahead }), AT)
    expect(seen?.record.seenAt).toBe(AT - 4 * SECOND - ahead)
    expect(seen?.record.clockSkew).toBe(ahead)
    expect(seen?.endsAt).toBe(VIEW.endsAt - ahead)
  })

  it('shows nothing that is no record, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        expect(viewingAfter(UNSEEN, ok({ ...VIEW, record }), AT)).toMatchObject({
          seen: null,
          fault: { kind: 'refused' },
        })
      }),
    )
  })
})

describe('a look that failed', () => {
  const seen = viewingAfter(UNSEEN, ok(VIEW), AT)
  const again = (fault: ShareError, before: Viewing = seen) => viewingAfter(before, err(fault), AT)
  const refused: ShareError = { kind: 'refused', message: 'No.' }

  it('keeps what was seen', () => {
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
      expect(viewingAfter(viewing, ok(VIEW), AT).failures).toBe(0)
    },
  )

  it.each(['ended', 'revoked', 'unknown', 'unavailable'] as const)(
    'is the last after %s',
    (kind) => {
      expect(again({ kind })).toMatchObject({ fault: { kind }, dueAt: null })
    },
  )
})
