import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import { fileNames, sameName, taskNamer } from './file-name.ts'
import { DEFAULT_TEMPLATE, parseTemplate, type Template } from './name-template.ts'
import { anyName, expectSafe, fileWith, safeName, settingsWith } from './testing.ts'

const SETTINGS = settingsWith({ model: 'upscayl-lite-4x' })
const FILE = fileWith({ originalName: 'photo.jpg', storedName: '1k2jj-photo-4x.png' })
const NO_SETTINGS: Settings = { ...SETTINGS, model: null, scale: null, saveImageAs: null }
const file = (fields: Partial<TaskFile> = {}): TaskFile => ({ ...FILE, ...fields })
const named = (...names: (string | null)[]) => names.map((originalName) => file({ originalName }))

function template(text: string): Template {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

const nameOf = (text: string, settings: Partial<Settings> = {}, fields: Partial<TaskFile> = {}) =>
  fileNames(template(text), {
    id: 'task-1',
    settings: { ...SETTINGS, ...settings },
    files: [file(fields)],
  })[0]

const namesOf = (text: string, files: readonly TaskFile[]) =>
  fileNames(template(text), { id: 'task-1', settings: SETTINGS, files })

describe('the name of one file', () => {
  it.each([
    [DEFAULT_TEMPLATE, 'photo-upscayl-lite-4x.png'],
    ['{original}', 'photo.png'],
    ['{original}.{ext}', 'photo.png'],
    ['{original}{ext}', 'photopng.png'],
    ['{original}.{ext}.exe', 'photo.png.exe.png'],
    ['{task}_{n}_{width}x{height}', 'task-1_1_2560x1600.png'],
    ['my picture', 'my picture.png'],
    ['{original} ({model}, {scale}x)', 'photo (upscayl-lite, 4x).png'],
    ['-{original}', 'photo.png'],
    ['con', '_con.png'],
  ])('%s: %s', (text, name) => {
    expect(nameOf(text)).toBe(name)
  })

  it.each([
    [DEFAULT_TEMPLATE, 'photo.png'],
    ['{original}-{model}-{scale}x-{n}', 'photo-1.png'],
    ['{model}-{original}', 'photo.png'],
    ['{scale}x {original}', 'photo.png'],
    ['{original} ({model}, {scale}x)', 'photo.png'],
    ['{original} ({n}, {scale}x)', 'photo (1).png'],
    ['{original} ({scale}x, {n})', 'photo (1).png'],
    ['{original} [({model}) {scale}x] {n}', 'photo 1.png'],
    ['{original}_{width}x{height}', 'photo.png'],
    ['{original}_{width}x{height}_{n}', 'photo_1.png'],
    ['{original}{model}-{n}', 'photo-1.png'],
    ['{original} - {model} - {n}', 'photo - 1.png'],
    ['{scale}x', 'image.png'],
  ])('%s when only the name is known: %s', (text, name) => {
    expect(nameOf(text, { model: null, scale: null }, { dimensions: null })).toBe(name)
  })

  it.each([
    [{ saveImageAs: 'JPEG' }, {}, 'photo.jpg'],
    [{ saveImageAs: 'webp' }, { type: 'image/png' }, 'photo.webp'],
    [{ saveImageAs: null }, { type: 'image/jpeg; q=1' }, 'photo.jpg'],
    [{ saveImageAs: 'exe' }, { type: 'image/webp' }, 'photo.webp'],
    [{ saveImageAs: null }, { type: 'text/html', storedName: 'a.TIF' }, 'photo.tiff'],
    [{ saveImageAs: null }, { type: null, storedName: 'a.exe' }, 'photo'],
    [
      { saveImageAs: null },
      { type: null, storedName: null, originalName: 'a.jpg.exe' },
      'a_jpg_exe',
    ],
    [{}, { originalName: 'photo.jpg.exe' }, 'photo.jpg.exe.png'],
    [{}, { originalName: 'photo.exe.jpg' }, 'photo.exe.png'],
    [{}, { originalName: 'scan.v2' }, 'scan.v2.png'],
    [{}, { originalName: 'photo.HEIC' }, 'photo.png'],
    [{}, { originalName: null }, '1k2jj-photo-4x.png'],
    [{}, { originalName: '..', storedName: '???' }, '___.png'],
    [{}, { originalName: null, storedName: null }, 'image.png'],
    [{}, { originalName: '.png', storedName: null }, 'image.png'],
    [{}, { originalName: '{ext}{original}.png' }, '{ext}{original}.png'],
    [{}, { originalName: 'C:\\fakepath\\ä.png' }, 'ä.png'],
  ] as const)('%j %j: %s', (settings, fields, name) => {
    expect(nameOf('{original}', settings, fields)).toBe(name)
  })

  it.each([
    [{ kind: 'odd', text: '16' }, 'photo-16x.png'],
    [{ kind: 'odd', text: '../big' }, 'photo.png'],
    [{ kind: 'odd', text: '0' }, 'photo.png'],
  ] as const)('a scale of %j: %s', (scale, name) => {
    expect(nameOf('{original}-{scale}x', { scale })).toBe(name)
  })

  it('shortens the original but keeps the parts that distinguish results', () => {
    const name = nameOf(DEFAULT_TEMPLATE, {}, { originalName: `${'é'.repeat(250)}.jpg` })
    expect(name).toMatch(/^é+-upscayl-lite-4x\.png$/)
  })

  it('never turns a model name into a path', () => {
    expect(nameOf('{model}', { model: '../a/b' })).toBe('_a_b.png')
  })
})

describe('the names of several files', () => {
  it.each([
    [
      ['a.jpg', 'a.png', 'b.png'],
      ['a.png', 'a (2).png', 'b.png'],
    ],
    [
      ['a.png', 'A.png', 'a.PNG'],
      ['a.png', 'A (2).png', 'a (3).png'],
    ],
    [
      ['a.png', 'a.png', 'a (2).png'],
      ['a.png', 'a (3).png', 'a (2).png'],
    ],
    [
      ['a (2).png', 'a.png', 'a.png', 'A (3).png'],
      ['a (2).png', 'a.png', 'a (4).png', 'A (3).png'],
    ],
    [
      ['\u00e9.png', 'e\u0301.png'],
      ['\u00e9.png', '\u00e9 (2).png'],
    ],
    [
      ['ß.png', 'ẞ.png', 'SS.png'],
      ['ß.png', 'ẞ (2).png', 'SS (3).png'],
    ],
    [
      ['con.png', '_con.png', 'CON.jpg'],
      ['_con.png', '_con (2).png', '_CON (3).png'],
    ],
    [
      [null, '..', ''],
      ['1k2jj-photo-4x.png', '1k2jj-photo-4x (2).png', '1k2jj-photo-4x (3).png'],
    ],
  ])('%j: %j', (originals, names) => {
    expect(namesOf('{original}', named(...originals))).toEqual(names)
  })

  it('pads positions to the width of the count', () => {
    const names = namesOf('{n}', named(...Array.from({ length: 12 }, () => 'a.png')))
    expect([names[0], names[9], names[11]]).toEqual(['01.png', '10.png', '12.png'])
  })

  it('numbers a thousand equal names quickly', () => {
    const names = namesOf('x', named(...Array.from({ length: 1000 }, () => 'a.png')))
    expect(names[999]).toBe('x (1000).png')
  })

  const anyFile = fc
    .record({
      originalName: fc.option(anyName),
      storedName: fc.option(anyName),
      type: fc.option(fc.constantFrom('image/png', 'image/jpeg', 'text/html')),
      dimensions: fc.option(fc.record({ width: fc.nat(), height: fc.nat() })),
    })
    .map(file)
  const anySettings = fc
    .record({
      model: fc.option(anyName),
      saveImageAs: fc.option(fc.oneof(fc.constantFrom('png', 'jpg', 'webp'), anyName)),
      scale: fc.option(fc.record({ kind: fc.constant('odd' as const), text: anyName })),
    })
    .map((fields): Settings => ({ ...NO_SETTINGS, ...fields }))
  const anyTemplate = fc
    .array(
      fc.constantFrom(
        ...['{original}', '{model}', '{scale}x', '{task}', '{n}', '{ext}', '{width}', '{height}'],
        ...['-', ' ', '.', '(', ')', 'con', 'a', '~'],
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join(''))
    .filter((text) => text.trim() !== '')
    .map(template)

  it('are safe, distinct, and never null, for any original name', () => {
    fc.assert(
      fc.property(
        anyTemplate,
        anySettings,
        fc.array(anyFile, { maxLength: 8 }),
        anyName,
        (text, settings, files, id) => {
          const names = fileNames(text, { id, settings, files })
          expect(names).toHaveLength(files.length)
          for (const name of names) {
            expectSafe(name)
            expect(safeName(name)).toBe(name)
          }
          expect(new Set(names.map(sameName)).size).toBe(names.length)
          expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('contain no trace of missing values', () => {
    const words = fc.constantFrom('{original}', '{model}', '{scale}x', '{width}x{height}', '{n}')
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('-', '_', ' ', '.'),
        fc.option(fc.constant('m')),
        fc.option(fc.constant({ kind: 'known' as const, factor: 2 })),
        fc.option(fc.constant({ width: 3, height: 4 })),
        (parts, separator, model, scale, dimensions) => {
          const text = parts.join(separator)
          const filled: Record<string, string | null> = {
            '{original}': 'photo',
            '{model}': model,
            '{scale}x': scale && '2x',
            '{width}x{height}': dimensions && '3x4',
            '{n}': '1',
          }
          const stem = parts.flatMap((part) => filled[part] ?? []).join(separator)
          expect(nameOf(text, { model, scale }, { dimensions })).toBe(`${stem || 'image'}.png`)
        },
      ),
    )
  })

  it('have the extension of the file type, never of an executable', () => {
    fc.assert(
      fc.property(anyTemplate, anyFile, (text, anything) => {
        expect(namesOf(text, [anything])[0]).toMatch(/[^.\s]\.png$/)
        const unknown = { ...anything, type: null, storedName: null }
        const names = fileNames(text, { id: 't', settings: NO_SETTINGS, files: [unknown] })
        expect(names[0]).not.toContain('.')
      }),
    )
  })

  it('are distinct across tasks that arrive one by one', () => {
    fc.assert(
      fc.property(anyTemplate, fc.array(fc.array(anyFile, { maxLength: 4 })), (text, tasks) => {
        const namesIn = taskNamer(text)
        const names = tasks.flatMap((files) =>
          namesIn({ id: 'task', settings: NO_SETTINGS, files: [...files, ...files] }),
        )
        for (const name of names) expectSafe(name)
        expect(new Set(names.map(sameName)).size).toBe(names.length)
      }),
    )
  })
})
