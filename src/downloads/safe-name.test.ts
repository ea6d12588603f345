import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasUnsafe } from '../../core/lib/safe-text.ts'
import { byteLength, cutBytes, MAX_NAME_BYTES } from './safe-name.ts'
import { anyName, expectSafe, safeName } from './testing.ts'

const HOSTILE: readonly (readonly [name: string, safe: string])[] = [
  // Names that need no change
  ['photo.jpg', 'photo.jpg'],
  ['風景写真 – été №7 🌄.png', '風景写真 – été №7 🌄.png'],
  ["Anna & Ben's day (2) [final].webp", "Anna & Ben's day (2) [final].webp"],
  ['v1.2.photo.png', 'v1.2.photo.png'],
  ['photo.jpg.exe', 'photo.jpg.exe'],
  ['noextension', 'noextension'],
  // Paths
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\windows\\system32\\evil.dll', 'evil.dll'],
  ['/etc/shadow', 'shadow'],
  ['C:\\fakepath\\photo.jpg', 'photo.jpg'],
  ['C:photo.jpg', 'C_photo.jpg'],
  ['\\\\server\\share\\photo.png', 'photo.png'],
  ['\\\\?\\C:\\photo.png', 'photo.png'],
  ['file:///etc/passwd', 'passwd'],
  ['folder/', 'folder'],
  ['folder/..', 'folder'],
  ['..', 'image'],
  ['.', 'image'],
  ['/', 'image'],
  ['../', 'image'],
  ['a/../b.png', 'b.png'],
  ['.\u200b./.\u200b./x.png', 'x.png'],
  ['a..b.png', 'a.b.png'],
  ['wait...what.png', 'wait.what.png'],
  ['photo.png:evil.exe', 'photo.png_evil.exe'],
  ['photo.png::$DATA', 'photo.png__$DATA'],
  ['%2e%2e%2fpasswd', '%2e%2e%2fpasswd'],
  // Control and invisible characters
  ['two\nlines.png', 'two lines.png'],
  ['tab\there.png', 'tab here.png'],
  ['cr\r\nlf.png', 'cr lf.png'],
  ['nul\u0000byte.png', 'nulbyte.png'],
  ['photo.png\u0000.exe', 'photo.png.exe'],
  ['\u001b[31mred.png', '[31mred.png'],
  ['del\u007f\u0085c1.png', 'delc1.png'],
  ['photo\u202egnp.exe', 'photognp.exe'],
  ['\u2066photo\u2069.png', 'photo.png'],
  ['\u061ca\u200e\u200f.png', 'a.png'],
  ['zero\u200bwidth\u200d\u2060.png', 'zerowidth.png'],
  ['\ufeffbom.png', 'bom.png'],
  ['soft\u00adhyphen.png', 'softhyphen.png'],
  ['line\u2028separator.png', 'line separator.png'],
  ['tag\u{e0041}\u{e007f}.png', 'tag.png'],
  ['hangul\u3164filler\uffa0.png', 'hangulfiller.png'],
  ['non\uffff\ufdd0character.png', 'noncharacter.png'],
  ['unreadable\ufffd.png', 'unreadable_.png'],
  ['\u200b\u200b', 'image'],
  // Characters that Windows forbids
  ['a<b>c.png', 'a_b_c.png'],
  ['"quoted".png', '_quoted_.png'],
  ['pipe|star*what?.png', 'pipe_star_what_.png'],
  ['10:32:11.png', '10_32_11.png'],
  ['???', '___'],
  // Windows device names
  ['CON', '_CON'],
  ['con.png', '_con.png'],
  ['Prn.tar.gz', '_Prn.tar.gz'],
  ['aux .txt', '_aux.txt'],
  ['NUL.', '_NUL'],
  ['nul ', '_nul'],
  ['COM0', '_COM0'],
  ['com9.png', '_com9.png'],
  ['COM\u00b9.png', '_COM\u00b9.png'],
  ['lpt\u00b3', '_lpt\u00b3'],
  ['LPT1.foo.png', '_LPT1.foo.png'],
  ['CONIN$', '_CONIN$'],
  ['conout$.png', '_conout$.png'],
  ['C\u200bON.png', '_CON.png'],
  ['.con.png', '_con.png'],
  ['-aux', '_aux'],
  ['COM10.png', 'COM10.png'],
  ['console.png', 'console.png'],
  ['CON:', 'CON_'],
  // Leading and trailing characters
  ['photo.png.', 'photo.png'],
  ['photo.png . .', 'photo.png'],
  ['photo.png   ', 'photo.png'],
  ['photo .png', 'photo.png'],
  ['photo\u00a0\u3000.png', 'photo.png'],
  ['.htaccess', 'htaccess'],
  ['..hidden.png', 'hidden.png'],
  ['.png', 'image.png'],
  ['-.png', 'image.png'],
  ['-rf.png', 'rf.png'],
  ['--help', 'help'],
  ['~/.ssh/id_rsa', 'id_rsa'],
  ['~root.png', 'root.png'],
  ['- ~.-x.png', 'x.png'],
  ['', 'image'],
  ['   ', 'image'],
  ['. . .', 'image'],
  ['\t\n', 'image'],
  // Half a surrogate pair, and two spellings of one letter
  ['half\ud83c.png', 'half_.png'],
  ['\udf04half.png', '_half.png'],
  ['e\u0301te\u0301.png', '\u00e9t\u00e9.png'],
  ['e\u200b\u0301.png', '\u00e9.png'],
  ['<\u0338.png', '\u226e.png'],
  // Too long
  [`${'a'.repeat(300)}.png`, `${'a'.repeat(196)}.png`],
  [`${'é'.repeat(150)}.webp`, `${'é'.repeat(97)}.webp`],
  [`${'🌄'.repeat(100)}.png`, `${'🌄'.repeat(49)}.png`],
  [`x${'🌄'.repeat(100)}.png`, `x${'🌄'.repeat(48)}.png`],
  ['b'.repeat(500), 'b'.repeat(200)],
  [`${'c'.repeat(190)}${' .'.repeat(20)}d.png`, `${'c'.repeat(190)}.png`],
  [`a.${'e'.repeat(300)}`, `a.${'e'.repeat(198)}`],
  [`${'g'.repeat(190)}{ext} .exe:`, `${'g'.repeat(190)}{ext}.exe`],
  [`CON.${'f'.repeat(300)}`, `_CON.${'f'.repeat(195)}`],
]

describe('safeName', () => {
  it.each(HOSTILE)('%j becomes %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  it('has a table of at least 60 hostile names', () => {
    expect(HOSTILE.filter(([name, safe]) => name !== safe).length).toBeGreaterThanOrEqual(60)
  })

  it('is safe for any input, and idempotent', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const safe = safeName(name)
        expectSafe(safe)
        expect(hasUnsafe(safe)).toBe(false)
        expect(safeName(safe)).toBe(safe)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the extension of a name that is too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 250 }), (stem) => {
        const safe = safeName(`x${stem.replaceAll(/[/\\]/g, '')}.webp`)
        expect(safe.endsWith('.webp')).toBe(true)
        expect(byteLength(safe)).toBeLessThanOrEqual(MAX_NAME_BYTES)
      }),
    )
  })
})

it('cuts at the last code point that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 40 }), (text, limit) => {
      const cut = cutBytes(text, limit)
      expect(text.startsWith(cut)).toBe(true)
      expect(byteLength(cut)).toBeLessThanOrEqual(limit)
      const next = String.fromCodePoint(text.codePointAt(cut.length) ?? 0)
      if (cut !== text) expect(byteLength(cut + next)).toBeGreaterThan(limit)
    }),
  )
})
