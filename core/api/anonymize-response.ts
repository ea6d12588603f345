import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import { isWebLink } from './file-links.ts'
import { isRateHeader } from './rate-limit.ts'
import type { RawResponse } from './raw-response.ts'
import { createRedactor } from './redact-secrets.ts'
import { isSuccess, parseBody, WORD_FIELDS, WORDS_DEPTH } from './response-body.ts'
import { PICTURES } from './samples.ts'
import { flag, MAX_NAME_LENGTH, parseTask, type WireData, type WireFile } from './wire.ts'

/*
 * Removes all account data from a response. Only the fields that wire.ts and client.ts read are kept, so
 * that fields the API may add later cannot slip through. Cleaning is idempotent.
 */

/** Origin of placeholder links, which resolves nowhere until a replay replaces it (RFC 2606). */
export const STAND_IN_ORIGIN = 'https://recording.invalid/'

/** The headers that client.ts and rate-limit.ts read. */
const isRead = (header: string): boolean =>
  ['content-type', 'date', 'retry-after'].includes(header) || isRateHeader(header)
/** Characters that are invalid in headers (RFC 9110, 5.5), so that no server can send them. */
const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]/g

/** The scheme of a rejected link is kept, because it shows what is wrong with it. */
const SCHEME = /^\s*(javascript|data|blob|file|ftp|https?):/i
/** Replacement for a body; cannot be mistaken for a message of the API. */
const LEFT_OUT = /^<removed: \d+ characters>$/
const EXTENSION = /\.[a-z0-9]{1,4}$/i

/** `index`: the file of the response that the value belongs to. */
type Clean = (value: unknown, index: number) => unknown
type Fields = Readonly<Record<string, Clean>>

/**
 * Cleans the responses of one task. `secrets` (key and task ID) are removed from every text that stays.
 * Stored names become placeholders, equal for equal names across all responses of this anonymizer.
 */
export function createAnonymizer(secrets: readonly string[]): (reply: RawResponse) => RawResponse {
  const scrub = createRedactor(secrets)
  const names = new Map<string, string>()

  /** Values of an unexpected type keep their type, without content. */
  const plain: Clean = (value) => {
    if (typeof value === 'string') return scrub(value)
    if (typeof value === 'number') return isPlain(value) ? value : null
    if (Array.isArray(value)) return []
    return isObject(value) ? {} : value
  }
  /** For fields where text is invalid: it becomes ''. */
  const emptied: Clean = (value, index) => (typeof value === 'string' ? '' : plain(value, index))
  const yesOrNo: Clean = (value, index) => (v.is(flag, value) ? value : emptied(value, index))
  const isPlain = (value: number) => Number.isFinite(value) && scrub(`${value}`) === `${value}`

  // The parser shows a scale that is too large for JSON (1e400) as text.
  const scale: Clean = (value, index) =>
    plain(value === Number.POSITIVE_INFINITY || value === -Infinity ? String(value) : value, index)

  const link: Clean = (value, index) => {
    if (typeof value !== 'string') return plain(value, index)
    if (value.trim() === '') return ''
    if (isWebLink(value.trim())) return placeholderLink(index)
    const scheme = SCHEME.exec(value)?.[1]
    return scheme === undefined ? 'removed' : `${scheme.toLowerCase()}:removed`
  }

  /** Names and paths become file IDs, so equal values must stay equal and different ones different. */
  const stored = (name: string, index: number): string => {
    const known = names.get(name)
    if (known !== undefined) return known
    const number = names.size + 1
    const placeholder = isWebLink(name)
      ? `${placeholderLink(index)}#${number}`
      : `stored-${number}${EXTENSION.exec(name)?.[0] ?? ''}`
    names.set(name, placeholder)
    return placeholder
  }

  // As in the parser: names are sanitized before they are compared, paths are not.
  const name: Clean = (value, index) =>
    isText(value) ? stored(safeText(value, MAX_NAME_LENGTH), index) : plain(value, index)
  const path: Clean = (value, index) => (isText(value) ? stored(value, index) : plain(value, index))

  const dimensions: Clean = (value, index) =>
    isObject(value) ? pick(value, { width: plain, height: plain }, index) : emptied(value, index)

  const file = {
    fileName: name,
    originalFileName: plain,
    processedFileName: name,
    fileType: plain,
    fileSize: plain,
    finalFileSize: plain,
    path,
    createdAt: plain,
    expiresAt: plain,
    dimensions,
    downloadLink: link,
    downloadUrl: link,
    url: link,
    signedUrl: link,
    presignedUrl: link,
    fileUrl: link,
    thumbnailLink: link,
  } as const satisfies Record<keyof WireFile, Clean>

  const files: Clean = (value, index) =>
    Array.isArray(value)
      ? value.map((item, n) => (isObject(item) ? pick(item, file, n) : null))
      : emptied(value, index)

  const data = {
    status: plain,
    progress: plain,
    files,
    deductedCredits: plain,
    creditsDeducted: yesOrNo,
    model: plain,
    scale,
    saveImageAs: plain,
    compression: plain,
    batchMode: yesOrNo,
    enhanceFace: yesOrNo,
    error: plain,
  } as const satisfies Record<keyof WireData, Clean>

  /** Messages, and the fields that may contain them (see messageIn). */
  const messageAt =
    (depth: number): Clean =>
    (value, index) =>
      isObject(value) && depth < WORDS_DEPTH
        ? pick(value, wordFields(messageAt(depth + 1)), index)
        : plain(value, index)
  const wordFields = (clean: Clean): Fields =>
    Object.fromEntries(WORD_FIELDS.map((name) => [name, clean]))
  /** Length of a body that an earlier cleaning removed. */
  const removed: Clean = (value, index) => (typeof value === 'number' ? plain(value, index) : null)
  const problem: Fields = { ...wordFields(messageAt(1)), status: plain, success: plain, removed }
  const envelope: Fields = {
    status: plain,
    data: (value, index) => (isObject(value) ? pick(value, data, index) : null),
  }

  const cleanBody = (body: string, status: number): string => {
    const json = parseBody(body)
    if (json === undefined) {
      return body === '' || LEFT_OUT.test(body) ? body : `<removed: ${body.length} characters>`
    }
    if (typeof json === 'string') return JSON.stringify(scrub(json))
    const fields = isSuccess(status) && parseTask(json).ok ? envelope : problem
    const kept = isObject(json) ? pick(json, fields, 0) : {}
    return JSON.stringify(Object.keys(kept).length === 0 ? { removed: body.length } : kept)
  }

  const cleanHeaders = (
    headers: RawResponse['headers'],
    status: number,
  ): RawResponse['headers'] => {
    const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
    const counted = all.some(([header]) => header === 'loupe-answer')
    return Object.fromEntries(
      all
        .filter(([header]) => isRead(header) && !(counted && isCount(header, status)))
        .map(([header, value]) => [header, scrub(value).replace(NOT_IN_HEADERS, '?')]),
    )
  }

  return ({ status, headers, body }) => ({
    status,
    headers: cleanHeaders(headers, status),
    body: cleanBody(body, status),
  })
}

/** Rate limits of Loupe's own server are not the API's, and a replay would apply them. */
const isCount = (header: string, status: number): boolean =>
  isRateHeader(header) || (header === 'retry-after' && status !== 429)

const placeholderLink = (index: number) =>
  `${STAND_IN_ORIGIN}${PICTURES[index % PICTURES.length]}.webp`

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** Includes arrays, as in the parser. */
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Own properties only, with names from here: no text of the response becomes a property name. */
const pick = (from: Readonly<Record<string, unknown>>, fields: Fields, index: number) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, clean]) =>
      Object.hasOwn(from, field) ? [[field, clean(from[field], index)]] : [],
    ),
  )
