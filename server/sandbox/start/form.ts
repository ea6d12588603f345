import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { MAX_FILE_BYTES } from '../../../core/api/upload-limits.ts'
import { err, ok, type Result } from '../../../core/lib/result.ts'
import { PayloadTooLarge } from '../../http/limited-body.ts'
import { badRequest, type Refusal, tooLarge, wrongType } from './refusal.ts'

export interface UploadedFile {
  readonly path: string
  /** From the client, so it may be anything. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface Form {
  /** In order of arrival. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** Null if no file was selected. */
  readonly file: UploadedFile | null
}

const MAX_FIELDS = 64
/** Enough for the longest list of URLs. */
const MAX_FIELD_BYTES = 64 * 1024
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: MAX_FIELD_BYTES,
  fields: MAX_FIELDS,
  // One byte above the limit, because a file of exactly this size is not cut off.
  fileSize: MAX_FILE_BYTES + 1,
  files: 1,
  parts: MAX_FIELDS + 1,
  headerPairs: 20,
  headerSize: 4096,
}

/** Also for a form whose fields alone are too large. */
export const FILE_TOO_LARGE = tooLarge('A file may have at most 100 MiB.')
const CUT_OFF = badRequest('The form was cut off.')
const NO_FORM = wrongType('The request must be multipart/form-data, with a boundary.')

/**
 * Streams a form; its one file goes to `path`. Keeps only the fields in memory. Stops reading at the
 * first error.
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
  const stop = new AbortController()
  const { signal } = stop
  let refusal: Refusal | null = null
  const refuse = (reason: Refusal) => {
    refusal ??= reason
    stop.abort()
  }
  const tooMany = () => refuse(badRequest(`A form has at most ${MAX_FIELDS} fields and one file.`))
  const fields = new Map<string, string[]>()
  const work: Promise<unknown>[] = []
  let file: UploadedFile | null = null

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) refuse(badRequest('A field of the form is too long.'))
    fields.set(name, [...(fields.get(name) ?? []), value])
  })
  parser.on('file', (field, stream, name = '') => {
    if (field !== 'file') refuse(badRequest('The file must be in the field “file”.'))
    stream.once('limit', () => refuse(FILE_TOO_LARGE))
    work.push(
      save(stream, path, signal).then(
        (saved) => {
          // If no file was selected, browsers send an empty part without a name.
          if (saved.bytes > 0 || name !== '') file = { ...saved, path, name }
        },
        () => refuse(CUT_OFF),
      ),
    )
  })
  parser.on('partsLimit', tooMany).on('filesLimit', tooMany).on('fieldsLimit', tooMany)

  try {
    await Promise.all([once(parser, 'finish', { signal }), pipeline(body, parser, { signal })])
  } catch (error) {
    refuse(error instanceof PayloadTooLarge ? FILE_TOO_LARGE : CUT_OFF)
  }
  await Promise.all(work)
  return refusal === null ? ok({ fields, file }) : err(refusal)
}

async function save(stream: Readable, path: string, signal: AbortSignal) {
  const hash = createHash('sha256')
  const target = createWriteStream(path)
  stream.on('data', (chunk: Buffer) => hash.update(chunk))
  await pipeline(stream, target, { signal })
  return { bytes: target.bytesWritten, sha256: hash.digest('hex') }
}
