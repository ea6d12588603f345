import contentDisposition from 'content-disposition'
import type { Format } from './store/tasks.ts'

const EXTENSIONS = { png: /\.png$/i, jpg: /\.jpe?g$/i, webp: /\.webp$/i } as const satisfies Record<
  Format,
  RegExp
>

/** Control characters break headers; direction marks make `exe.gpj` read as `jpg.exe`. */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const MAX_NAME_LENGTH = 255

const baseName = (name: string): string =>
  name.replace(UNSAFE, '').split(/[/\\]/).at(-1)?.trim() ?? ''

/** An uploaded file's name without a path or unsafe characters, never empty. */
export function safeName(name: string, type: Format): string {
  const base = baseName(name)
  return /^\.*$/.test(base) ? `image.${type}` : [...base].slice(-MAX_NAME_LENGTH).join('')
}

/** The file name of a result: its original's, with the extension of its format. */
export function downloadName(originalName: string, format: Format): string {
  const base = baseName(originalName)
  const stem = base.replace(/\.\w{1,5}$/, '')
  if (/^\.*$/.test(stem)) return `image.${format}`
  return EXTENSIONS[format].test(base) ? base : `${stem}.${format}`
}

/** A Content-Disposition header (RFC 6266) for any name. */
export const disposition = (type: 'attachment' | 'inline', name: string): string =>
  contentDisposition(name, { type })
