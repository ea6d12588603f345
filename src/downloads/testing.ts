import fc from 'fast-check'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import { assemble, cleanPart, extensionOf, lastPart, MAX_NAME_BYTES } from './safe-name.ts'

/** Pieces that break names, so that random names contain them often. */
const HOSTILE_PIECES = [
  ...['.', '..', '/', '\\', ':', ' ', '-', '~', '_', '?', '*', '<', '"', '|', '\0', '\n'],
  ...['CON', 'nul', 'COM1', 'lpt\u00b9', 'CONIN$', '.png', '.jpg', '.exe', '{ext}', '{}', '(2)'],
  ...['\u202e', '\u200b', '\ufeff', '\ud83c', '\udf04', '\u0301', 'e', '\u0338', '\ufffd', 'ß'],
  'x'.repeat(190),
  '🌄'.repeat(60),
]

export const anyName = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Single code units, so that lone surrogates occur.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE_PIECES), fc.string({ maxLength: 3 })), {
      maxLength: 8,
    })
    .map((pieces) => pieces.join('')),
)

/** A whole name through the steps that the parts of names take. */
export function safeName(text: string): string {
  const name = cleanPart(lastPart(text)).replace(/[.\s]+$/, '')
  const extension = extensionOf(name)
  const safe = assemble(name.slice(0, name.length - extension.length), extension)
  // Cutting may have exposed a new extension.
  return safe === text ? safe : safeName(safe)
}

/** The beginning and the end of a PNG file. */
export const PNG = new Uint8Array([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ...[0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
])

const bytes = (text: string) => new TextEncoder().encode(text).length

/** Throws with the rule that `name` breaks. Independent of the code it tests. */
export function expectSafe(name: string): void {
  const rules: Readonly<Record<string, boolean>> = {
    'has something in it': name.length > 0,
    'is not too long': bytes(name) <= MAX_NAME_BYTES,
    'has no path in it': !/[/\\:]|\.\./.test(name),
    'has nothing that Windows forbids': !/[<>:"/\\|?*]/.test(name),
    'has no control or format characters':
      !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u.test(name),
    'does not begin with a sign': !/^[.\-~\s]/.test(name),
    'does not end with a dot or space': !/[.\s]$/.test(name),
    'is no device': !/^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/i.test(
      name,
    ),
    'is composed': name === name.normalize('NFC'),
  }
  const broken = Object.keys(rules).filter((rule) => rules[rule] === false)
  if (broken.length > 0) throw new Error(`${JSON.stringify(name)}: not so: ${broken.join(', ')}`)
}

/** Settings with a known scale and format. */
export const settingsWith = (fields: Partial<Settings> = {}): Settings => ({
  model: null,
  scale: { kind: 'known', factor: 4 },
  saveImageAs: 'png',
  compression: null,
  batchMode: null,
  enhanceFace: null,
  ...fields,
})

/** A file with little more than a known type. */
export const fileWith = (fields: Partial<TaskFile> = {}): TaskFile => ({
  id: 'f',
  originalName: null,
  storedName: null,
  type: 'image/png',
  size: null,
  dimensions: { width: 2560, height: 1600 },
  createdAt: null,
  expiresAt: null,
  downloadUrl: null,
  thumbnailUrl: null,
  failed: false,
  ...fields,
})
