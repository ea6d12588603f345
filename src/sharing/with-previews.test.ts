import { expect, test } from 'vitest'
import { SAMPLES } from '../../core/api/samples.ts'
import { parseTask } from '../../core/api/wire.ts'
import { redact } from '../../core/record/redact.ts'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import { withPreviews } from './with-previews.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const read = parseTask(JSON.parse(SAMPLES.batch.reply(AT, 'https://files.example').body))
if (!read.ok) throw new Error(read.error)
const record = { ...EMPTY_RECORD, task: read.value }
const thumbs = (from: typeof record | typeof EMPTY_RECORD) =>
  from.task?.files.map(({ thumbnailUrl }) => thumbnailUrl)

test('previews stand in for thumbnails that were not shared', () => {
  const redacted = redact(record, { credits: true, links: false })
  expect(thumbs(withPreviews(redacted, ['data:a', null, 'data:c']))).toEqual([
    'data:a',
    null,
    'data:c',
    null,
    null,
    null,
  ])
  expect(thumbs(withPreviews(record, ['data:a']))).toEqual(thumbs(record))
  expect(withPreviews(EMPTY_RECORD, ['data:a'])).toBe(EMPTY_RECORD)
})
