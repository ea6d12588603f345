import * as v from 'valibot'
import { placeOf } from '../lib/link-path.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { safeText } from '../lib/safe-text.ts'
import { isWebLink, signedEnd } from './file-links.ts'
import { isErrorEnvelope } from './response-body.ts'
import {
  type Credits,
  type Dimensions,
  kindOfWord,
  type Scale,
  type Settings,
  type Task,
  type TaskFile,
  type TaskKind,
} from './task.ts'

/*
 * Parser for responses of `POST /get-task-status`. Two public descriptions of the API disagree on
 * nearly every field, so each is parsed on its own: an invalid field becomes null and the rest of the
 * response is kept. Rejected is a body that describes no task, or calls itself an error.
 */

/** `schema`, with null for any value it does not accept. */
export const lenient = <S extends v.GenericSchema>(schema: S) =>
  v.fallback(v.optional(v.nullable(schema), null), null)

const number = v.union([
  v.pipe(
    v.number(),
    v.check((value) => Number.isFinite(value)),
  ),
  v.pipe(v.string(), v.trim(), v.regex(/^[+-]?\d{1,15}(\.\d+)?$/), v.transform(Number)),
])
export const MAX_WORD_LENGTH = 80
export const MAX_NAME_LENGTH = 255 // the longest file name of common file systems
export const MAX_REASON_LENGTH = 1000

const text = (longest: number) =>
  v.pipe(
    v.string(),
    v.check((value) => value.trim() !== ''),
    v.transform((value) => safeText(value, longest)),
  )
const word = text(MAX_WORD_LENGTH)
const name = text(MAX_NAME_LENGTH)
/** An amount of credits. */
export const amount = v.pipe(number, v.minValue(0))
/** A whole number from 0 on. */
export const count = v.pipe(number, v.minValue(0), v.safeInteger())
const pixels = v.pipe(number, v.minValue(1), v.safeInteger())
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])
/** A boolean, or its text or number form. */
export const flag = v.pipe(
  v.union([v.boolean(), v.string(), v.number()]),
  v.transform((value) => FLAGS.get(String(value).trim().toLowerCase())),
  v.boolean(),
)
const percent = v.pipe(
  v.union([
    number,
    v.pipe(v.string(), v.trim(), v.regex(/^\d+(\.\d+)?\s*%$/), v.transform(Number.parseFloat)),
  ]),
  // Rounded down, so that 99.9 is not shown as 100.
  v.transform((value) => Math.min(100, Math.max(0, Math.floor(value)))),
)

export const SECONDS_BELOW = 1e11 // as milliseconds this is 1973, as seconds the year 5138
const EARLIEST = Date.UTC(1971, 0, 1) // anything older came from a zero or a counter
const LATEST = 8.64e15 // the latest time a Date can represent (ECMA-262, 21.4.1.1)

/** Epoch seconds or milliseconds, as epoch milliseconds. */
export const instant = v.pipe(
  number,
  v.transform((value) => Math.trunc(value < SECONDS_BELOW ? value * 1000 : value)),
  v.minValue(EARLIEST),
  v.maxValue(LATEST),
)

const link = v.pipe(v.string(), v.trim(), v.check(isWebLink))

const file = v.object({
  fileName: lenient(name),
  originalFileName: lenient(name),
  processedFileName: lenient(name),
  fileType: lenient(word),
  fileSize: lenient(count),
  finalFileSize: lenient(count),
  path: lenient(v.string()),
  createdAt: lenient(instant),
  expiresAt: lenient(instant),
  dimensions: lenient(v.object({ width: lenient(pixels), height: lenient(pixels) })),
  downloadLink: lenient(link),
  downloadUrl: lenient(link),
  url: lenient(link),
  signedUrl: lenient(link),
  presignedUrl: lenient(link),
  fileUrl: lenient(link),
  thumbnailLink: lenient(link),
})

const data = v.object({
  status: lenient(word),
  progress: lenient(percent),
  files: v.fallback(v.array(v.unknown()), []),
  deductedCredits: lenient(amount),
  creditsDeducted: lenient(flag),
  model: lenient(word),
  scale: lenient(v.union([v.number(), v.string()])),
  saveImageAs: lenient(word),
  compression: lenient(v.pipe(number, v.minValue(0), v.maxValue(100), v.transform(Math.round))),
  batchMode: lenient(flag),
  enhanceFace: lenient(flag),
  error: lenient(text(MAX_REASON_LENGTH)),
})

/** The envelope's own `status` is free text in the public documentation, so it is only used to detect errors. */
const envelope = v.object({
  status: v.optional(v.unknown()),
  success: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
  data,
})

export type WireData = v.InferOutput<typeof data>
export type WireFile = v.InferOutput<typeof file>

/** Parses the JSON body of a 200 response. Never throws; a body without a task is `not-a-task`. */
export function parseTask(body: unknown): Result<Task, 'not-a-task'> {
  const parsed = v.safeParse(envelope, body)
  if (!parsed.success) return err('not-a-task')
  const { data: wire, ...about } = parsed.output
  const task = toTask(wire)
  // For a failed task, the envelope may call itself an error as well.
  if (isErrorEnvelope(about) && task.kind !== 'failed') return err('not-a-task')
  return describesTask(wire, task.kind, about.status) ? ok(task) : err('not-a-task')
}

/**
 * `{"status":"success","data":{}}` describes no task: it is an error, not a task that runs forever. Nor
 * does an undocumented status alone in an undocumented envelope.
 */
function describesTask(wire: WireData, kind: TaskKind, envelopeStatus: unknown): boolean {
  if (kind !== 'unrecognized') return true
  if (wire.status !== null && envelopeStatus === 'success') return true
  const { status: _, error: __, files, ...rest } = wire
  return files.length > 0 || Object.values(rest).some((value) => value !== null)
}

function toTask(wire: WireData): Task {
  const kind = wire.status === null ? 'unrecognized' : kindOfWord(wire.status)
  const files = toFiles(wire.files)
  const base = {
    progress: wire.progress,
    credits: toCredits(wire),
    settings: toSettings(wire),
    files: kind === 'processed' && wire.error !== null ? withFailed(files) : files,
    reason: wire.error,
  }
  if (kind === 'unrecognized') return { kind, ...base, word: wire.status }
  return { kind, ...base }
}

/** Of a batch with an error, the images without any link failed, if others have one. */
function withFailed(files: readonly TaskFile[]): readonly TaskFile[] {
  const hasLink = (file: TaskFile) => file.downloadUrl !== null || file.thumbnailUrl !== null
  return files.some(hasLink) ? files.map((file) => ({ ...file, failed: !hasLink(file) })) : files
}

function toCredits(wire: WireData): Credits {
  const amount = wire.deductedCredits
  if (wire.creditsDeducted === null) return { state: 'unknown', amount }
  return { state: wire.creditsDeducted ? 'deducted' : 'outstanding', amount }
}

function toSettings(wire: WireData): Settings {
  return {
    model: wire.model,
    scale: wire.scale === null ? null : toScale(wire.scale),
    saveImageAs: wire.saveImageAs,
    compression: wire.compression,
    batchMode: wire.batchMode,
    enhanceFace: wire.enhanceFace,
  }
}

function toScale(value: number | string): Scale | null {
  const written = safeText(String(value), MAX_WORD_LENGTH)
  if (written === '') return null
  const factor = Number(written)
  return Number.isInteger(factor) && factor >= 1 && factor <= 8
    ? { kind: 'known', factor }
    : { kind: 'odd', text: written }
}

function toFiles(items: readonly unknown[]): TaskFile[] {
  const taken = new Set<string>()
  return items.flatMap((item) => {
    const parsed = v.safeParse(file, item)
    if (!parsed.success) return []
    const name = parsed.output.path ?? parsed.output.fileName ?? 'file'
    // A signed link differs in each response.
    const named = isWebLink(name) ? placeOf(name) : name
    let id = named
    for (let n = 2; taken.has(id); n++) id = `${named}#${n}`
    taken.add(id)
    return [datedByLink(toFile(parsed.output, id))]
  })
}

/** The expiry in a signed link takes precedence over the `expiresAt` field. */
const datedByLink = (file: TaskFile): TaskFile => ({
  ...file,
  expiresAt: (file.downloadUrl === null ? null : signedEnd(file.downloadUrl)) ?? file.expiresAt,
})

function toFile(wire: WireFile, id: string): TaskFile {
  const pathAsLink = wire.path !== null && isWebLink(wire.path) ? wire.path : null
  return {
    id,
    originalName: wire.originalFileName,
    storedName: wire.processedFileName ?? wire.fileName,
    type: wire.fileType,
    size: wire.finalFileSize ?? wire.fileSize,
    dimensions: toDimensions(wire.dimensions),
    createdAt: wire.createdAt,
    expiresAt: wire.expiresAt,
    downloadUrl:
      wire.downloadLink ??
      wire.downloadUrl ??
      wire.url ??
      wire.signedUrl ??
      wire.presignedUrl ??
      wire.fileUrl ??
      pathAsLink,
    thumbnailUrl: wire.thumbnailLink,
    failed: false,
  }
}

function toDimensions(
  wire: { width: number | null; height: number | null } | null,
): Dimensions | null {
  if (wire === null || wire.width === null || wire.height === null) return null
  return { width: wire.width, height: wire.height }
}
