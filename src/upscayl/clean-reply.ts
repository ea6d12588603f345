import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import { isSuccess, parseBody, WORD_FIELDS, WORDS_DEPTH } from './body.ts'
import { isRateHeader } from './rate-limit.ts'
import type { Reply } from './reply.ts'
import { PICTURES } from './samples.ts'
import { createScrub } from './scrub.ts'
import { flag, isWebLink, LONGEST_NAME, readTask, type WireData, type WireFile } from './wire.ts'

/*
 * A reply with nothing in it that leads back to an account. What is kept is what wire.ts and client.ts
 * read, field by field; all else is left out, so that what the API may add one day cannot slip through.
 * Cleaning what is clean changes nothing.
 */

/** Where stand-ins for links lead until somebody plays them: nowhere (RFC 2606). */
export const STAND_IN_ORIGIN = 'https://recording.invalid/'

/** The headers that client.ts and rate-limit.ts read. */
const isRead = (header: string): boolean =>
  ['content-type', 'date', 'retry-after'].includes(header) || isRateHeader(header)
/** What no header can hold (RFC 9110, 5.5), and no server send. */
const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]/g

/** Told of a link that the reader refuses, because it says what is wrong with it. */
const SCHEME = /^\s*(javascript|data|blob|file|ftp|https?):/i
/** Not words that a reader would take for the API's. */
const LEFT_OUT = /^<removed: \d+ characters>$/
const EXTENSION = /\.[a-z0-9]{1,4}$/i

/** `index`: which of the answer's files the value belongs to. */
type Clean = (value: unknown, index: number) => unknown
type Fields = Readonly<Record<string, Clean>>

/**
 * Cleans the replies of one task. `secrets` (key and task id) are taken out of every text that stays.
 * Stored names become stand-ins, equal where the names are equal, in all replies of this cleaner.
 */
export function createCleaner(secrets: readonly string[]): (reply: Reply) => Reply {
  const scrub = createScrub(secrets)
  const names = new Map<string, string>()

  /** What is not of the type its field has stays what it is: nothing is in it that anybody reads. */
  const plain: Clean = (value) => {
    if (typeof value === 'string') return scrub(value)
    if (typeof value === 'number') return isPlain(value) ? value : null
    if (Array.isArray(value)) return []
    return isObject(value) ? {} : value
  }
  /** Where a text has no meaning, none stays. */
  const untold: Clean = (value, index) => (typeof value === 'string' ? '' : plain(value, index))
  const yesOrNo: Clean = (value, index) => (v.is(flag, value) ? value : untold(value, index))
  const isPlain = (value: number) => Number.isFinite(value) && scrub(`${value}`) === `${value}`

  // The reader shows a scale that is too large for JSON (1e400) as a word.
  const scale: Clean = (value, index) =>
    plain(value === Number.POSITIVE_INFINITY || value === -Infinity ? String(value) : value, index)

  const link: Clean = (value, index) => {
    if (typeof value !== 'string') return plain(value, index)
    if (value.trim() === '') return ''
    if (isWebLink(value.trim())) return standIn(index)
    const scheme = SCHEME.exec(value)?.[1]
    return scheme === undefined ? 'removed' : `${scheme.toLowerCase()}:removed`
  }

  /** Names and paths make the ids of files: what was the same or different stays so. */
  const stored = (name: string, index: number): string => {
    const known = names.get(name)
    if (known !== undefined) return known
    const number = names.size + 1
    const anew = isWebLink(name)
      ? `${standIn(index)}#${number}`
      : `stored-${number}${EXTENSION.exec(name)?.[0] ?? ''}`
    names.set(name, anew)
    return anew
  }

  // As the reader has it: names are tidied before they are compared, paths are not.
  const name: Clean = (value, index) =>
    isText(value) ? stored(safeText(value, LONGEST_NAME), index) : plain(value, index)
  const path: Clean = (value, index) => (isText(value) ? stored(value, index) : plain(value, index))

  const dimensions: Clean = (value, index) =>
    isObject(value) ? pick(value, { width: plain, height: plain }, index) : untold(value, index)

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
      : untold(value, index)

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

  /** Words, and what words are looked for in (wordsIn). */
  const saidAt =
    (depth: number): Clean =>
    (value, index) =>
      isObject(value) && depth < WORDS_DEPTH
        ? pick(value, wordFields(saidAt(depth + 1)), index)
        : plain(value, index)
  const wordFields = (clean: Clean): Fields =>
    Object.fromEntries(WORD_FIELDS.map((name) => [name, clean]))
  /** The length of what was left out, of an earlier cleaning. */
  const removed: Clean = (value, index) => (typeof value === 'number' ? plain(value, index) : null)
  const problem: Fields = { ...wordFields(saidAt(1)), status: plain, success: plain, removed }
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
    const fields = isSuccess(status) && readTask(json).ok ? envelope : problem
    const kept = isObject(json) ? pick(json, fields, 0) : {}
    return JSON.stringify(Object.keys(kept).length === 0 ? { removed: body.length } : kept)
  }

  const cleanHeaders = (headers: Reply['headers'], status: number): Reply['headers'] => {
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

/** What Loupe's server counted is no word of the API, and would be obeyed wherever it is played. */
const isCount = (header: string, status: number): boolean =>
  isRateHeader(header) || (header === 'retry-after' && status !== 429)

const standIn = (index: number) => `${STAND_IN_ORIGIN}${PICTURES[index % PICTURES.length]}.webp`

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** Arrays too, as the reader has it. */
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Own properties only, and by names from here: nothing of the answer becomes a name. */
const pick = (from: Readonly<Record<string, unknown>>, fields: Fields, index: number) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, clean]) =>
      Object.hasOwn(from, field) ? [[field, clean(from[field], index)]] : [],
    ),
  )
