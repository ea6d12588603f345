import { isImageExtension } from './image-type.ts'

/** Common file systems allow 255; the rest is room for a suffix added by the browser or user. */
export const MAX_NAME_BYTES = 200
export const NAMELESS = 'image'

/** Invisible characters: controls, direction marks, zero widths, fillers, tags, noncharacters. */
const INVISIBLE =
  /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufff9-\ufffb\u2800]/gu
/** Characters that Windows forbids, lone surrogates, and the replacement character. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cs}\ufffd]/gu
/** Windows device names, whatever follows a dot or a space (Microsoft: Naming Files). */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i

const encoder = new TextEncoder()
export const byteLength = (text: string): number => encoder.encode(text).length

const visible = (text: string): string =>
  text.replace(/[\t\n\v\f\r\u2028\u2029]/g, ' ').replace(INVISIBLE, '')

/** `text` as part of a name: one line, nothing invisible or forbidden. */
export const cleanPart = (text: string): string =>
  visible(text)
    .normalize('NFC')
    .replace(FORBIDDEN, '_')
    .replace(/\s+/g, ' ')
    // Two dots are the parent folder, and unpackers reject names with them.
    .replace(/\.{2,}/g, '.')
    .trim()

/** Last segment of a path of any operating system. */
export const lastPart = (path: string): string =>
  visible(path)
    .split(/[/\\]/)
    .findLast((part) => !/^[.\s]*$/.test(part)) ?? ''

/** At most `limit` bytes of UTF-8, cut between code points. */
export function cutBytes(text: string, limit: number): string {
  let used = 0
  let end = 0
  for (const letter of text) {
    used += byteLength(letter)
    if (used > limit) return text.slice(0, end)
    end += letter.length
  }
  return text
}

/** The dot and the extension at the end of `name`, or ''. */
export function extensionOf(name: string): string {
  const [dotted = '', extension = ''] = /\.([a-z0-9]{1,16})$/i.exec(name) ?? []
  return name !== dotted || isImageExtension(extension) ? dotted : ''
}

/** Builds a safe name from clean parts: cuts `stem` if the whole is too long, never `ending`. */
export function assemble(stem: string, ending: string): string {
  // Leading dots hide a file, leading dashes look like options, a leading tilde like a home
  // directory.
  const bare = stem.replace(/^[.\-~\s]+/, '').replace(/[.\s]+$/, '') || NAMELESS
  const own = DEVICE.test(bare) ? `_${bare}` : bare
  const cut = cutBytes(own, MAX_NAME_BYTES - byteLength(ending))
  return cut.replace(/[.\s]+$/, '') + ending
}
