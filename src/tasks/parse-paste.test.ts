import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportList } from './export-list.ts'
import { ledgerCsv, ledgerOf } from './ledger.ts'
import { listHash } from './list-link.ts'
import { readPaste } from './parse-paste.ts'
import { anyEntries, anyId, entryAfter } from './testing-list.ts'
import { MAX_ENTRIES, VERSION, withoutImages } from './tracked-task.ts'

const A = '3f2a9c1e-77b0-4d2e-9a51-0c8d6e5f4b3a'
const B = '9B0C7D1E-0000-4000-8000-00000000000b'
const C = 'c0ffee00-1111-4111-9111-0123456789ab'

const ids = (text: string) => readPaste(text).ids
const everything = (text: string) => {
  const { ids: found, unread } = readPaste(text)
  return [found, unread]
}

describe('lines', () => {
  it.each([
    [`${A}\n${B}\n${A}`, [A, B]],
    [`\ufeff${A}\r\n\r\n  ${B}  \r${C}`, [A, B, C]],
    ['short\nx', ['short', 'x']],
    ['- abc\n* def\n• ghi\n1. jkl\n2) mno', ['abc', 'def', 'ghi', 'jkl', 'mno']],
    ['"abc",\n\'def\';\n`ghi`\n<jkl>', ['abc', 'def', 'ghi', 'jkl']],
    ['sentinel-flaky~2 and recording-0a1b2c3d', ['sentinel-flaky~2', 'recording-0a1b2c3d']],
    [`https://loupe.example/tasks/${A}?theme=dark#x`, [A]],
    ['/tasks/abc, /tasks/def;/tasks/ghi', ['abc', 'def', 'ghi']],
    ['See https://loupe.example/tasks/abc.', ['abc']],
    [`[one](https://loupe.example/tasks/abc) and <a href="/tasks/def">`, ['abc', 'def']],
    ['https://loupe.example/#tasks=abc,def', ['abc', 'def']],
    ['My list: https://loupe.example/?sort=name#tasks=abc%2Cdef (two)', ['abc', 'def']],
    [`Task ${A}: done, task ${B.toLowerCase()}: not yet`, [A, B.toLowerCase()]],
    [`taskId=${A}&x=1 task:${C}`, [A, C]],
    [`curl -d '{"data":{"taskId":"${A}"}}' https://api.example/${B}`, [A]],
    ['the ids are job12345 and 4f9k2m1q8', ['job12345', '4f9k2m1q8']],
    // Words that look like IDs, but are known not to be.
    ['job12345 upscayl-standard-4x photo-2024.png 2026-01-01T12:00:00Z', ['job12345']],
    ['job12345 1735732800000 2026-01-01 users/a1b2c3d4e5/x me2026@mail.example', ['job12345']],
    // Next to an ID of a known form, the rest of the line is words.
    [`${A} job12345 by-robot-17`, [A]],
  ])('in %j are %j', (text, found) => {
    expect(everything(text)).toEqual([found, []])
  })

  it('that cannot be parsed are returned whole', () => {
    const lines = [
      'Here are the tasks:',
      A,
      '  two words ',
      'https://loupe.example/',
      'https://loupe.example/tasks/',
      `https://files.example/${B}/x.png`,
      '<b/>',
      'x'.repeat(129),
      '\u202eabc',
      '12 34',
    ]
    expect(everything(lines.join('\n'))).toEqual([[A], lines.filter((line) => line !== A)])
  })

  it('of JSON are parsed one by one', () => {
    expect(
      everything(
        `{"taskId":"abc"}\nlog: [x]\n{"data":{"task_id":"def"}},\n["ghi"]\n{"x":"a1b2c3d4"}`,
      ),
    ).toEqual([
      ['abc', 'def', 'ghi'],
      ['log: [x]', '{"x":"a1b2c3d4"}'],
    ])
  })

  it('are parsed with any IDs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyId), (some) => {
        // A column name in the first line is not an ID, and a dot after a link ends a sentence.
        const clean = some.filter((id) => !/^(task[_-]?id|id)$|\.$/i.test(id))
        expect(everything(clean.join('\n'))).toEqual([clean, []])
        const links = clean.map((id) => `http://a/tasks/${id}`)
        expect(everything(links.join(' '))).toEqual([clean, []])
      }),
    )
  })
})

describe('a table', () => {
  it.each([
    ['taskId,name\nabc,x12345678.png\ndef,y', ['abc', 'def']],
    ['Name;Task ID;Id\nx;abc;1\ny;def;2', ['abc', 'def']],
    ['name\ttask_id\n"a\tb"\tabc\n', ['abc']],
    ['\t id \nrow12345\tabc\n', ['abc']],
    ['\n\n"Task id","Name"\n"abc","two\nlines 12345678"\n"def",""\n', ['abc', 'def']],
    ['id\nabc\ndef', ['abc', 'def']],
    ['id,x\nid-1,x\nid,x\n,\n\nid-,x', ['id-1', 'id-']],
    [`id,x\nhttps://loupe.example/tasks/abc,x\n'def,x`, ['abc', 'def']],
    [`Task id,x\nabc,1\n\n${A}\n/tasks/def`, ['abc', A, 'def']],
    [`${A},photo-2024.png,upscayl-standard-4x,10\n${B},job12345,x,4`, [A, B]],
    [`"${A}";"photo-2024.png"\n"${B}";""`, [A, B]],
  ])('%j has %j', (text, found) => {
    expect(everything(text)).toEqual([found, []])
  })

  it('returns the rows without an ID', () => {
    const text = 'name,id\n"a, b",abc\n"c, d",\ne,two words\nf\n'
    expect(everything(text)).toEqual([
      ['abc', 'f'],
      ['"c, d",', 'e,two words'],
    ])
  })

  it('has whole rows, even after a stray byte order mark', () => {
    expect(everything('id,x\n\ufeff,one\nb,two\n,three')).toEqual([['b'], [',one', ',three']])
  })

  it('needs rows', () => {
    expect(everything('Task id,x\n,\n')).toEqual([[], ['Task id,x', ',']])
  })

  it('loses no row to an unclosed quote', () => {
    const text = 'id,name\nabc,"5 in\ndef,x\n"ghi","y"'
    expect(ids(text)).toEqual(['abc', 'def', 'ghi'])
  })

  it('from our own ledger yields exactly its IDs', () => {
    fc.assert(
      fc.property(anyEntries, fc.string({ unit: 'binary' }), (entries, name) => {
        const rows = ledgerOf(entries).map((row) => ({ ...row, name }))
        if (rows.length === 0) return
        const found = rows.map(({ taskId }) => taskId)
        expect(everything(`\ufeff${ledgerCsv(rows)}`)).toEqual([found, []])
      }),
    )
  })
})

describe('JSON', () => {
  it.each([
    [`["${A}","abc","/tasks/def"]`, [A, 'abc', 'def']],
    ['[{"taskId":"abc"},{"id":"def"},{"task_id":"ghi"}]', ['abc', 'def', 'ghi']],
    ['{"status":"success","data":{"message":"x","taskId":"abc","creditsToDeduct":10}}', ['abc']],
    // The body of a webhook.
    [`{"id":"evt_12345678","data":{"taskId":"abc","files":[{"id":"${B}"}]}}`, ['abc']],
    ['{"id":"abc","files":[{"id":"x"}],"owner":{"id":"me"}}', ['abc']],
    ['{"tasks":[{"id":"abc"},{"taskId":"def","id":7}],"id":"page-1"}', ['abc', 'def']],
    ['{"taskIds":["abc",12345678],"tags":["x1234567"]}', ['abc', '12345678']],
    ['{"data":{"items":[{"id":"abc"},{"id":"def"}]}}', ['abc', 'def']],
    [`{"result":["${A}"],"note":"see /tasks/def"}`, [A, 'def']],
    ['{"taskId":"a1b2c3d4, e5f6a7b8"}', ['a1b2c3d4', 'e5f6a7b8']],
    ['{"link":"https://loupe.example/#tasks=abc,def"}', ['abc', 'def']],
    [' \n[ "abc" ]\n', ['abc']],
  ])('%j has %j', (text, found) => {
    expect(everything(text)).toEqual([found, []])
    const { entries } = readPaste(text)
    expect(entries).toEqual([])
  })

  it('returns what it cannot parse', () => {
    expect(everything('["abc","two words",{"name":"x"},null,1e999]')).toEqual([
      ['abc'],
      ['two words', '{"name":"x"}', 'null', 'null'],
    ])
    const answer =
      '{\n  "status": "success",\n  "path": "users/1412v4124v",\n  "x": "a1b2c3d4e5"\n}'
    expect(everything(answer)).toEqual([[], answer.split('\n')])
  })

  it('of our own export restores its entries', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const text = exportList(entries)
        const pasted = readPaste(text)
        if (entries.length === 0) return
        expect(exportList(pasted.entries)).toBe(text)
        expect(pasted.ids).toEqual(pasted.entries.map(({ id }) => id))
        expect(pasted.unread).toEqual([])
        // Some of its lines, verbatim.
        const lines = text.split('\n').slice(1, -2)
        expect(exportList(readPaste(lines.join('\n')).entries)).toBe(text)
      }),
    )
  })

  it('of an export yields the ID of an unreadable entry', () => {
    const [known] = JSON.parse(exportList([entryAfter('known', ['processed'])])).tasks
    const tasks = [{ ...known, id: 'newer', version: VERSION + 1 }, known, { ...known, id: '' }]
    const pasted = readPaste(JSON.stringify({ loupe: 'list', version: VERSION + 1, tasks }))
    expect(pasted.ids).toEqual(['newer', 'known'])
    expect(pasted.entries).toEqual([withoutImages(entryAfter('known', ['processed']))])
    expect(pasted.unread).toEqual([JSON.stringify(tasks[2])])
  })

  it('merges duplicates', () => {
    const [once, twice] = [entryAfter('a', ['enhancing']), entryAfter('a', ['enhancing', 'failed'])]
    const text = `${exportList([once])}${exportList([twice])}a\n`
    expect(readPaste(text)).toMatchObject({ ids: ['a'], entries: [twice] })
  })
})

describe('a mixture', () => {
  it('keeps the order of first appearance', () => {
    const text = `Hi! See ${listHash(ids(`${C}\n${A}`))} and\n/tasks/abc\n{"id":"${B}"}\n${A}`
    expect(everything(text)).toEqual([[C, A, 'abc', B], []])
  })

  it('never throws, and drops no line without an ID', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .array(
          fc.oneof(
            fc.constantFrom(
              ...[',', ';', '\t', '"', "'", '\n', '\r', '{', '}', '[', ']', ':', ' ', '/tasks/'],
              ...[
                '#tasks=',
                'taskId',
                'id',
                'Task ID',
                '%E0',
                '\ufeff',
                A,
                'job12345',
                '__proto__',
              ],
            ),
            fc.string({ maxLength: 4 }),
          ),
          { maxLength: 30 },
        )
        .map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const { ids: found, unread, tooMany } = readPaste(text)
        expect(tooMany).toBe(0)
        expect(new Set(found).size).toBe(found.length)
        if (found.length === 0 && unread.length === 0) {
          // Only whitespace, delimiters of an empty table, or its header.
          expect(text.replace(/[\s,;"'\ufeff]|task[\s_-]*id|id/gi, '')).toBe('')
        }
        for (const part of unread) expect(part.trim()).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['['.repeat(200_000)],
    [`${'['.repeat(150)}"${A}"${']'.repeat(150)}`],
    [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    [`${'"'.repeat(200_000)}x`],
    [`x${'.'.repeat(200_000)}x /tasks/${'.'.repeat(200_000)}x`],
    [`${','.repeat(200_000)}\n`],
    [`id,x\n${'"'.repeat(200_001)}`],
    [`${' '.repeat(200_000)}x y`],
    ['/tasks/a'.repeat(200_000)],
    [JSON.stringify({ data: Array.from({ length: 150_000 }, () => ({ id: 'a' })) })],
    [`${A} `.repeat(100_000)],
  ])('designed to be slow is parsed before the test’s timeout: %#', (text) => {
    expect(() => readPaste(text)).not.toThrow()
  })
})

describe('many lines', () => {
  const uuid = (n: number) => `3f2a9c1e-77b0-4d2e-9a51-${String(n).padStart(12, '0')}`
  const lines = (count: number) => Array.from({ length: count }, (_, n) => uuid(n))

  it('are accepted up to the maximum, and the others are counted', () => {
    const pasted = readPaste([...lines(MAX_ENTRIES + 7), uuid(0)].join('\n'))
    expect(pasted.ids).toEqual(lines(MAX_ENTRIES))
    expect(pasted.tooMany).toBe(7)
  })

  it.each([
    ['ids', (id: string) => id],
    ['links', (id: string) => `https://loupe.example/tasks/${id}`],
    ['prose', (id: string) => `[INFO] 2026-01-01T12:00:00Z task ${id} of me is done`],
    ['a table', (id: string, n: number) => `${n === 0 ? 'id,n\n' : ''}${id},${n}`],
  ])('of %s are all parsed', (_, line) => {
    expect(readPaste(lines(5000).map(line).join('\n')).ids).toHaveLength(5000)
  })
})
