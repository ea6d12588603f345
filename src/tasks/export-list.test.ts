import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES } from '../../core/api/samples.ts'
import { exportList } from './export-list.ts'
import { readPaste } from './parse-paste.ts'
import { answerOf, anyEntries, asId, entryAfter, recordAfter, T0 } from './testing-list.ts'
import { newTrackedTask, VERSION, withoutImages } from './tracked-task.ts'

describe('an exported list', () => {
  it('is the same, byte for byte, after an import', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const text = exportList(entries)
        const { entries: again } = readPaste(text)
        expect(exportList(again)).toBe(text)
        expect(exportList([...again].reverse())).toBe(text)
        expect(new Set(again)).toEqual(new Set(entries.map(withoutImages)))
      }),
    )
  })

  it('has one task per line, the first added first', () => {
    const text = exportList([
      newTrackedTask(asId('b'), T0),
      newTrackedTask(asId('c'), T0 - 1),
      newTrackedTask(asId('a'), T0),
    ])
    const lines = text.split('\n')
    expect(lines[0]).toBe(`{"loupe":"list","version":${VERSION},"tasks":[`)
    expect(lines.slice(1, 4).map((line) => JSON.parse(line.replace(/,$/, '')).id)).toEqual([
      'c',
      'a',
      'b',
    ])
    expect(lines.slice(4)).toEqual([']}', ''])
    expect(readPaste(exportList([])).entries).toEqual([])
  })

  it.each(SAMPLE_NAMES)('contains no link to a file of %s', (name) => {
    const record = recordAfter([name])
    const { result } = answerOf(name, T0)
    const links = result.ok ? result.value.files.flatMap((file) => file.downloadUrl ?? []) : []
    // Also for an entry that was not created by withRecord.
    for (const entry of [entryAfter('a', [name]), { ...newTrackedTask(asId('a'), T0), record }]) {
      const text = exportList([entry])
      for (const link of links) expect(text).not.toContain(JSON.stringify(link))
    }
  })
})
