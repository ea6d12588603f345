import contentDisposition from 'content-disposition'
import type { Format } from './store/tasks.ts'

const EXTENSIONS = { png: /\.png$/i, jpg: /\.jpe?g$/i, webp: /\.webp$/i } as const satisfies Record<
  Format,
  RegExp
>

/** Control characters break headers; direction marks make `exe.gpj` read as `jpg.exe`. */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const LONGEST_NAME = 255

/** A name as it came with an upload: without a path and what harms, and never empty. */
export function safeName(name: string, type: Format): string {
  const base = name.replace(UNSAFE, '').split(/[/\\]/).at(-1)?.trim() ?? ''
  return /^\.*$/.test(base) ? `image.${type}` : [...base].slice(-LONGEST_NAME).join('')
}

/** The name a result is saved under: its original's, with the extension of what it is now. */
export function downloadName(originalName: string, format: Format): string {
  const base = originalName.replace(UNSAFE, '').split(/[/\\]/).at(-1)?.trim() ?? ''
  const stem = base.replace(/\.\w{1,5}$/, '')
  if (/^\.*$/.test(stem)) return `image.${format}`
  return EXTENSIONS[format].test(base) ? base : `${stem}.${format}`
}

/** The Content-Disposition header (RFC 6266), with any name in it. */
export const disposition = (type: 'attachment' | 'inline', name: string): string =>
  contentDisposition(name, { type })
