import * as v from 'valibot'
import { err, ok, type Result } from '../lib/result.ts'
import { isWebLink } from './file-links.ts'
import { amount, instant, lenient } from './wire.ts'

/*
 * Parser for responses of `POST /get-upload-url`. Strict where a wrong value would send bytes to the
 * wrong place: without every link there is no upload.
 */

/** What `start-task` wants back in `files`, as the API wrote it. */
export type FileData = Readonly<Record<string, unknown>> & { readonly path: string }

/** A range of the file, and where it goes. */
export interface UploadPart {
  /** From 1 on. */
  readonly number: number
  readonly url: string
  readonly from: number
  readonly to: number
}

export interface NewUpload {
  readonly uploadId: string
  readonly parts: readonly UploadPart[]
  readonly file: FileData
  /** When the links expire (epoch ms); null if not reported. */
  readonly expiresAt: number | null
}

/** A part that the storage has. */
export interface SentPart {
  readonly number: number
  /** As received, with its quotes. */
  readonly etag: string
}

/** The most that S3 allows. */
export const MAX_PARTS = 10_000

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const text = v.pipe(v.string(), v.nonEmpty())

const response = v.object({
  data: v.looseObject({
    uploadId: text,
    path: text,
    partSize: size,
    partUrls: v.array(
      v.object({ partNumber: size, signedUrl: v.pipe(v.string(), v.check(isWebLink)) }),
    ),
    expiresAt: lenient(instant),
  }),
})

/** Names of the API's FileData. The rest of the response is about the upload. */
const FILE_FIELDS = new Set([
  ...['fileName', 'fileType', 'fileSize', 'originalFileName', 'path', 'createdAt', 'expiresAt'],
  'dimensions',
])

/** `fileSize`: of the file to upload, whatever size the response repeats. Never throws. */
export function parseUpload(json: unknown, fileSize: number): Result<NewUpload, 'not-an-upload'> {
  const read = v.safeParse(response, json)
  if (!read.success) return err('not-an-upload')
  const { uploadId, partSize, partUrls, expiresAt, path } = read.output.data
  const urls = new Map(partUrls.map(({ partNumber, signedUrl }) => [partNumber, signedUrl]))
  // Two links for one part, or one link for two, would mix their bytes up.
  const isClear = new Set(urls.values()).size === partUrls.length
  const count = Math.ceil(fileSize / partSize)
  // A part size of one byte would make a hundred million parts.
  if (!isClear || count > Math.min(urls.size, MAX_PARTS)) return err('not-an-upload')
  const parts: UploadPart[] = []
  for (let number = 1; number <= count; number++) {
    const url = urls.get(number)
    if (url === undefined) return err('not-an-upload')
    const from = (number - 1) * partSize
    parts.push({ number, url, from, to: Math.min(fileSize, from + partSize) })
  }
  const { data } = json as { data: Readonly<Record<string, unknown>> }
  const file = Object.fromEntries(Object.entries(data).filter(([name]) => FILE_FIELDS.has(name)))
  return ok({ uploadId, parts, expiresAt, file: { ...file, path } })
}

/** The body of `POST /complete-multipart-upload`, with the parts in order. */
export const completeRequest = (
  { uploadId, file }: Pick<NewUpload, 'uploadId' | 'file'>,
  parts: readonly SentPart[],
) => ({
  data: {
    uploadId,
    key: file.path,
    parts: parts
      .toSorted((a, b) => a.number - b.number)
      .map(({ number, etag }) => ({ PartNumber: number, ETag: etag })),
  },
})

/** Credits in the header `x-task-cost` of a start; null if it has none. */
export function readTaskCost(headers: Headers): number | null {
  const read = v.safeParse(amount, headers.get('x-task-cost'))
  return read.success ? read.output : null
}
