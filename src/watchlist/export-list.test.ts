import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES } from '../upscayl/samples.ts'
import { newEntry, VERSION, withoutPictures } from './entry.ts'
import { exportList, readExport } from './export-list.ts'
import { answerOf, anyEntries, asId, entryAfter, recordAfter, T0 } from './testing.ts'

function read(text: string) {
  const result = readExport(text)
  if (!result.ok) throw new Error(result.error)
  return result.value
}

describe('an exported list', () => {
  it('read and exported again is the same, byte for byte', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const text = exportList(entries)
        const { entries: again, unreadable, newer } = read(text)
        expect([unreadable, newer]).toEqual([0, 0])
        expect(exportList(again)).toBe(text)
        expect(exportList([...again].reverse())).toBe(text)
        expect(new Set(again)).toEqual(new Set(entries.map(withoutPictures)))
      }),
    )
  })

  it('has a task a line, the first added first', () => {
    const text = exportList([
      newEntry(asId('b'), T0),
      newEntry(asId('c'), T0 - 1),
      newEntry(asId('a'), T0),
    ])
    const lines = text.split('\n')
    expect(lines[0]).toBe(`{"loupe":"list","version":${VERSION},"tasks":[`)
    expect(lines.slice(1, 4).map((line) => JSON.parse(line.replace(/,$/, '')).id)).toEqual([
      'c',
      'a',
      'b',
    ])
    expect(lines.slice(4)).toEqual([']}', ''])
    expect(read(exportList([])).entries).toEqual([])
  })

  it.each(SAMPLE_NAMES)('holds no link to a file of %s', (name) => {
    const record = recordAfter([name])
    const { result } = answerOf(name, T0)
    const links = result.ok ? result.value.files.flatMap((file) => file.downloadUrl ?? []) : []
    // Also of an entry that somebody made without withRecord.
    for (const entry of [entryAfter('a', [name]), { ...newEntry(asId('a'), T0), record }]) {
      const text = exportList([entry])
      for (const link of links) expect(text).not.toContain(JSON.stringify(link))
    }
  })

  it('counts what it does not understand, and reads the rest', () => {
    const tasks = [
      ...JSON.parse(exportList([entryAfter('a', ['processed'])])).tasks,
      { version: VERSION + 1, id: 'b' },
      { version: VERSION, id: 'c' },
      null,
      'd',
    ]
    const { entries, unreadable, newer } = read(
      `\ufeff${JSON.stringify({ loupe: 'list', version: VERSION + 1, tasks })}`,
    )
    expect(entries.map(({ id }) => id)).toEqual(['a'])
    expect([unreadable, newer]).toEqual([3, 1])
  })

  it('merges a task that is in it twice', () => {
    const [once, twice] = [entryAfter('a', ['enhancing']), entryAfter('a', ['enhancing', 'failed'])]
    const tasks = [once, twice, once].map((entry) => JSON.parse(exportList([entry])).tasks[0])
    expect(read(JSON.stringify({ loupe: 'list', version: 1, tasks })).entries).toEqual([twice])
  })

  it.each([
    ['', 'no list'],
    ['{', 'no list'],
    ['[]', 'no list'],
    ['{"loupe":"recording","version":1,"tasks":[]}', 'no list'],
    ['{"loupe":"list","version":1}', 'damaged'],
    ['{"loupe":"list","version":99,"tasks":{}}', 'newer Loupe'],
  ])('refuses %j with a sentence', (text, words) => {
    const result = readExport(text)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(result.error).toContain(words)
  })

  it('reads anything without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        readExport(text)
        readExport(`{"loupe":"list","version":1,"tasks":${text}}`)
      }),
    )
    readExport('['.repeat(100_000))
  })
})
