import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { err, ok, type Result } from '../../../src/lib/result.ts'
import { MOST_FILE_BYTES } from '../../../src/upscayl/start-limits.ts'
import { TooLong } from '../../intake.ts'
import { badRequest, type Refusal, tooLarge, wrongType } from './refusal.ts'

export interface UploadedFile {
  readonly path: string
  /** As the client says, which may be anything. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface Form {
  /** In the order they came in. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** Null where nothing was chosen, for which browsers send a nameless part of no bytes. */
  readonly file: UploadedFile | null
}

const MOST_FIELDS = 64
/** Room for the longest list of addresses. */
const MOST_FIELD_BYTES = 64 * 1024
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: MOST_FIELD_BYTES,
  fields: MOST_FIELDS,
  // One byte more than may be, because exactly as much is not cut.
  fileSize: MOST_FILE_BYTES + 1,
  files: 1,
  parts: MOST_FIELDS + 1,
  headerPairs: 20,
  headerSize: 4096,
}

/** Also of a form whose fields alone are too much. */
export const FILE_TOO_LARGE = tooLarge('A file may have at most 100 MiB.')
const CUT_OFF = badRequest('The form ended before all of it had arrived.')
const NO_FORM = wrongType('The request must be multipart/form-data, with a boundary.')

/**
 * Reads a form as it comes in; its one file goes to `path`. Nothing of it is held in memory but its
 * fields. After a refusal it stops reading.
 */
export async function readForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  path: string,
): Promise<Result<Form, Refusal>> {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return err(NO_FORM)
  let parser: BusboyInstance
  try {
    parser = new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
  } catch {
    return err(NO_FORM)
  }
  const fields = new Map<string, string[]>()
  let incoming: Incoming | null = null
  let refusal: Refusal | null = null
  const refuse = (reason: Refusal) => {
    refusal ??= reason
  }
  const tooMany = () => refuse(badRequest(`A form has at most ${MOST_FIELDS} fields and one file.`))

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) refuse(badRequest('A field of the form is too long.'))
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value)
  })
  parser.on('file', (field, stream, name) => {
    if (field !== 'file') refuse(badRequest('A file has to be in the field “file”.'))
    stream.once('limit', () => refuse(FILE_TOO_LARGE))
    const saved = save(stream, path, name).catch(() => null)
    incoming = { stream, saved }
  })
  parser.on('partsLimit', tooMany).on('filesLimit', tooMany).on('fieldsLimit', tooMany)
  const ended = new Promise<void>((resolve) => {
    parser.once('finish', resolve).on('error', () => {
      refuse(CUT_OFF)
      resolve()
    })
  })

  try {
    for await (const chunk of body) {
      if (refusal !== null) break
      if (!parser.write(chunk)) await drained(parser, ended)
    }
  } catch (error) {
    refuse(error instanceof TooLong ? FILE_TOO_LARGE : CUT_OFF)
  }
  if (refusal === null) {
    parser.end()
    await ended
  }
  const { stream, saved } = (incoming as Incoming | null) ?? {}
  if (refusal !== null) {
    parser.destroy()
    stream?.destroy()
  }
  const file = await saved
  if (refusal !== null) return err(refusal)
  if (file === null) return err(CUT_OFF)
  const chosen = file !== undefined && (file.bytes > 0 || file.name !== '')
  return ok({ fields, file: chosen ? file : null })
}

/** A file under way; null where it came to nothing. */
interface Incoming {
  readonly stream: Readable
  readonly saved: Promise<UploadedFile | null>
}

const drained = (parser: Writable, ended: Promise<void>): Promise<unknown> =>
  Promise.race([once(parser, 'drain').catch(() => undefined), ended])

/** A part of bytes has no name where the client gave none. */
async function save(
  stream: Readable,
  path: string,
  name: string | undefined,
): Promise<UploadedFile> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.byteLength
        yield chunk
      }
    },
    createWriteStream(path),
  )
  return { path, name: name ?? '', bytes, sha256: hash.digest('hex') }
}
