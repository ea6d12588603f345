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
