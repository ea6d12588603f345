import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import { taskSettings, taskThumb, taskTitle } from './task-title.ts'
import { anyEntry, entryAfter, OWN_SETTINGS, THUMB, UPLOAD } from './testing-list.ts'
import { withUpload } from './tracked-task.ts'

const UUID = '0e6aa1a8-1111-4222-8333-444455556666'
const UPLOADS = { ...UPLOAD, source: { ...UPLOAD.source, more: 2 } }

describe('the title of a task', () => {
  it.each([
    ['an ID', UUID, null, [], '0e6aa1a8…'],
    ['a short ID', 'task-1', null, [], 'task-1'],
    ['an own upload', UUID, UPLOAD, [], 'tram.jpg'],
    ['own uploads', UUID, UPLOADS, [], 'tram.jpg + 2 more'],
    ['own uploads, as reported', UUID, UPLOADS, ['batch'], 'tram.jpg + 5 more'],
    ['an own upload with a result', UUID, UPLOAD, ['processed'], 'tram.jpg'],
    ['a reported name', UUID, null, ['processed'], 'dunes.png'],
    ['a batch', UUID, null, ['batch'], 'dunes.png + 5 more'],
  ] as const)('of %s', (_, id, upload, names, title) => {
    const entry = entryAfter(id, names)
    expect(taskTitle(upload === null ? entry : withUpload(entry, upload))).toBe(title)
  })

  it('is never empty', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(taskTitle(entry)).not.toBe('')
      }),
    )
  })
})

it('shows the kept thumbnail first, which does not expire', () => {
  const entry = entryAfter('a', ['processed'])
  const link = taskThumb(entry)
  expect(link).toMatch(/^https:/)
  expect(taskThumb({ id: 'a', record: entry.record })).toBe(link)
  expect(taskThumb(withUpload(entry, UPLOAD))).toBe(THUMB)
  expect(taskThumb({ ...entry, thumb: THUMB })).toBe(THUMB)
  expect(taskThumb({ id: 'a', record: EMPTY_RECORD })).toBeNull()
})

it('has the chosen settings until the API reports some', () => {
  expect(taskSettings(entryAfter('a', []))).toBeNull()
  expect(taskSettings(withUpload(entryAfter('a', []), UPLOAD))).toEqual(OWN_SETTINGS)
  const reported = withUpload(entryAfter('a', ['processed']), UPLOAD)
  expect(taskSettings(reported)?.model).toBe('upscayl-standard-4x')
})
