import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES } from '../upscayl/samples.ts'
import { newEntry, readStored, toStored, VERSION } from './entry.ts'
import { anyEntry, asId, entryAfter, recordAfter, T0 } from './testing.ts'

describe('what is stored of a task', () => {
  it('is read as it was written', () => {
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

  it.each(SAMPLE_NAMES)('holds one small picture of %s at most, and no link', (name) => {
    const links = recordAfter([name]).task?.files.flatMap(({ downloadUrl }) => downloadUrl ?? [])
    const { task } = entryAfter('a1', [name]).record
    const urls = task?.files.flatMap(({ thumbnailUrl }) => thumbnailUrl ?? []) ?? []
    expect(urls.length).toBeLessThanOrEqual(1)
    for (const url of urls) expect(links).not.toContain(url)
    expect(task?.files.every(({ downloadUrl }) => downloadUrl === null) ?? true).toBe(true)
  })

  it('of version 1 loses the links that its files were known by', () => {
    const record = recordAfter(['link-elsewhere'])
    const stored = { version: 1, ...newEntry(asId('a1'), T0), record }
    const read = readStored(stored)
    expect(read).toMatchObject({ kind: 'entry', old: true })
    expect(JSON.stringify(read)).not.toMatch(/"(id|downloadUrl)":"https?:/)
  })

  it('of version 2 has nothing of a start, and is written anew', () => {
    const entry = entryAfter('a1', ['enhancing'])
    const { startedAt: _, announced: __, ...record } = entry.record
    const read = readStored({ version: 2, ...entry, record })
    expect(read).toEqual({ kind: 'entry', entry, old: true })
  })

  it.each([
    ['no-files', true],
    ['no-links', false],
    ['processed', false],
    ['enhancing', false],
    ['failed', false],
  ] as const)(
    'of a Loupe that knew no result without files, %s lacks them: %s',
    (name, pending) => {
      const entry = entryAfter('a1', [name, 'error-404'])
      const { refusals: _, filesPending: __, ...record } = entry.record
      const read = readStored({ version: 3, ...entry, record })
      expect(read).toMatchObject({ entry: { record: { refusals: 0, filesPending: pending } } })
    },
  )

  it('of a Loupe that believed a Date that no clock has forgets how far it was', () => {
    const entry = entryAfter('a1', ['processed'])
    const skewed = (clockSkew: number) =>
      readStored({ version: 3, ...entry, record: { ...entry.record, clockSkew } })
    expect(skewed(73 * 365 * 86_400_000)).toMatchObject({ entry: { record: { clockSkew: 0 } } })
    expect(skewed(3_600_000)).toMatchObject({ entry: { record: { clockSkew: 3_600_000 } } })
  })

  it('of a later version is left alone', () => {
    expect(readStored({ ...toStored(entryAfter('a1', [])), version: VERSION + 1 })).toEqual({
      kind: 'newer',
    })
  })

  it('is never taken for an entry where it is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (garbage) => {
        expect(readStored(garbage).kind).not.toBe('entry')
      }),
    )
  })
})
