import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES } from '../../core/api/samples.ts'
import { MAX_THUMB_LENGTH } from './task-source.ts'
import { anyEntry, asId, entryAfter, recordAfter, T0, THUMB, UPLOAD } from './testing-list.ts'
import { newTrackedTask, readStored, toStored, VERSION, withUpload } from './tracked-task.ts'

describe('a stored task', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(readStored(structuredClone(toStored(entry)))).toEqual({
          kind: 'entry',
          entry,
          old: false,
        })
      }),
    )
  })

  it.each(SAMPLE_NAMES)('contains at most one thumbnail of %s, and no link', (name) => {
    const links = recordAfter([name]).task?.files.flatMap(({ downloadUrl }) => downloadUrl ?? [])
    const { task } = entryAfter('a1', [name]).record
    const urls = task?.files.flatMap(({ thumbnailUrl }) => thumbnailUrl ?? []) ?? []
    expect(urls.length).toBeLessThanOrEqual(1)
    for (const url of urls) expect(links).not.toContain(url)
    expect(task?.files.every(({ downloadUrl }) => downloadUrl === null) ?? true).toBe(true)
  })

  it('of version 1 loses file IDs that are links', () => {
    const record = recordAfter(['link-elsewhere'])
    const stored = { version: 1, ...newTrackedTask(asId('a1'), T0), record }
    const read = readStored(stored)
    expect(read).toMatchObject({ kind: 'entry', old: true })
    expect(JSON.stringify(read)).not.toMatch(/"(id|downloadUrl)":"https?:/)
  })

  it('of version 2 has no start, and is rewritten', () => {
    const entry = entryAfter('a1', ['enhancing'])
    const { startedAt: _, quotedCredits: __, ...record } = entry.record
    const read = readStored({ version: 2, ...entry, record })
    expect(read).toEqual({ kind: 'entry', entry, old: true })
  })

  it('of version 3 has no upload and no thumbnail, and is rewritten', () => {
    const entry = entryAfter('a1', ['enhancing'])
    const { source: _, settings: __, thumb: ___, ...stored } = entry
    expect(readStored({ version: 3, ...stored })).toEqual({ kind: 'entry', entry, old: true })
  })

  it('of version 4 has no labels, and is rewritten', () => {
    const entry = entryAfter('a1', ['enhancing'])
    const { annotation: _, ...stored } = entry
    expect(readStored({ version: 4, ...stored })).toEqual({ kind: 'entry', entry, old: true })
  })

  it('of version 5 has no earlier task, and is rewritten', () => {
    const entry = entryAfter('a1', ['enhancing'])
    const { earlier: _, ...stored } = entry
    expect(readStored({ version: 5, ...stored })).toEqual({ kind: 'entry', entry, old: true })
    expect(withUpload(entry, { ...UPLOAD, earlier: entry.id }).earlier).toBeNull()
  })

  it('of version 6 was started with one image, and is rewritten', () => {
    const entry = withUpload(entryAfter('a1', ['enhancing']), UPLOAD)
    const { more: _, others: __, ...source } = UPLOAD.source
    expect(readStored({ version: 6, ...entry, source })).toEqual({
      kind: 'entry',
      entry,
      old: true,
    })
  })

  it('of version 7 does not know the names of other images, and is rewritten', () => {
    const { others: _, ...source } = { ...UPLOAD.source, more: 3 }
    const entry = withUpload(entryAfter('a1', ['enhancing']), {
      ...UPLOAD,
      source: { ...source, others: [] },
    })
    expect(readStored({ version: 7, ...entry, source })).toEqual({
      kind: 'entry',
      entry,
      old: true,
    })
  })

  it('of many images knows the first names, each safe and short', () => {
    const others = Array.from({ length: 60 }, (_, n) => `${n}\u202e${'c'.repeat(300)}`)
    const source = { ...UPLOAD.source, more: 60, others }
    const entry = withUpload(entryAfter('a1', []), { ...UPLOAD, source })
    expect(entry.source?.more).toBe(60)
    expect(entry.source?.others).toHaveLength(49)
    expect(entry.source?.others[48]).toMatch(/^48\ufffdc+…$/)
    expect(readStored(toStored(entry))).toEqual({ kind: 'entry', entry, old: false })
    const tooMany = { ...toStored(entry), source: { ...source, others } }
    expect(readStored(tooMany).kind).toBe('unreadable')
  })

  it('of an upload has a safe name, and no thumbnail that is large or a link', () => {
    const source = { ...UPLOAD.source, name: ` a\u202eb${'c'.repeat(300)}`, width: 0, height: 4.5 }
    const stored = (thumb: string) =>
      withUpload(entryAfter('a1', []), { ...UPLOAD, source: { ...source, thumb } }).source
    const safe = { thumb: null, width: null, height: null }
    expect(stored('https://elsewhere.example/a.png')).toMatchObject(safe)
    expect(stored('data:image/svg+xml;base64,AAAA')).toMatchObject(safe)
    expect(stored(`${THUMB}${'A'.repeat(MAX_THUMB_LENGTH)}`)).toMatchObject(safe)
    expect(stored(THUMB)?.thumb).toBe(THUMB)
    expect(stored(THUMB)?.name).toMatch(/^a\ufffdbc+…$/)
    const entry = { ...toStored(entryAfter('a1', [])), thumb: 'https://elsewhere.example/a.png' }
    expect(readStored(entry).kind).toBe('unreadable')
  })

  it.each([
    ['no-files', true],
    ['no-links', false],
    ['processed', false],
    ['enhancing', false],
    ['failed', false],
  ] as const)('of an earlier version with %s has pending files: %s', (name, pending) => {
    const entry = entryAfter('a1', [name, 'error-404'])
    const { refusals: _, filesPending: __, ...record } = entry.record
    const read = readStored({ version: 3, ...entry, record })
    expect(read).toMatchObject({ entry: { record: { refusals: 0, filesPending: pending } } })
  })

  it('knows which images failed, and of an earlier version that none is known to', () => {
    const entry = entryAfter('a1', ['batch-partly-failed'])
    const failedOf = (stored: object) => {
      const read = readStored(stored)
      return read.kind === 'entry'
        ? read.entry.record.task?.files.map(({ failed }) => failed)
        : null
    }
    expect(failedOf(toStored(entry))?.filter(Boolean)).toHaveLength(2)
    const { reason: _, files = [], ...task } = entry.record.task ?? {}
    const old = files.map(({ failed: _, ...file }) => file)
    const record = { ...entry.record, task: { ...task, files: old } }
    expect(failedOf({ ...toStored(entry), record })).toEqual(files.map(() => false))
  })

  it('of an earlier version loses an implausible clock skew', () => {
    const entry = entryAfter('a1', ['processed'])
    const skewed = (clockSkew: number) =>
      readStored({ version: 3, ...entry, record: { ...entry.record, clockSkew } })
    expect(skewed(73 * 365 * 86_400_000)).toMatchObject({ entry: { record: { clockSkew: 0 } } })
    expect(skewed(3_600_000)).toMatchObject({ entry: { record: { clockSkew: 3_600_000 } } })
  })

  it('of a later version is left unchanged', () => {
    expect(readStored({ ...toStored(entryAfter('a1', [])), version: VERSION + 1 })).toEqual({
      kind: 'newer',
    })
  })

  it('is never parsed as an entry if invalid', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (garbage) => {
        expect(readStored(garbage).kind).not.toBe('entry')
      }),
    )
  })
})
