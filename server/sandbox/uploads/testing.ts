import type { Sandbox } from '../sandbox.ts'
import { post } from '../testing.ts'

/* Helpers for tests that upload by parts. Not part of the program. */

export interface UploadData {
  readonly uploadId: string
  readonly partUrls: readonly { readonly partNumber: number; readonly signedUrl: string }[]
  readonly partSize: number
  readonly path: string
  readonly originalFileName: string
  readonly createdAt: number
  readonly expiresAt: number
}

interface Listed {
  readonly PartNumber: number
  readonly ETag: string
}

export const askForUpload = (
  sandbox: Sandbox,
  fields: Readonly<Record<string, unknown>>,
  key = sandbox.key,
): Promise<Response> => post(sandbox, '/get-upload-url', JSON.stringify({ data: fields }), key)

/** Throws if there is none. */
export async function newUpload(
  sandbox: Sandbox,
  fileSize: number,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<UploadData> {
  const all = { fileSize, fileType: 'image/png', originalFileName: 'photo.png', ...fields }
  const body = (await (await askForUpload(sandbox, all)).json()) as { data?: UploadData }
  if (body.data === undefined) throw new Error(JSON.stringify(body))
  return body.data
}

export const put = (sandbox: Sandbox, url: string, body: BodyInit): Promise<Response> =>
  sandbox.fetch(new Request(url, { method: 'PUT', body, duplex: 'half' } as RequestInit))

/** Sends all parts, the last one first. */
export async function putAll(
  sandbox: Sandbox,
  { partUrls, partSize }: UploadData,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Listed[]> {
  const parts = partUrls.toReversed().map(async ({ partNumber, signedUrl }) => {
    const from = (partNumber - 1) * partSize
    const response = await put(sandbox, signedUrl, bytes.slice(from, from + partSize))
    return { PartNumber: partNumber, ETag: response.headers.get('etag') ?? '' }
  })
  return (await Promise.all(parts)).toReversed()
}

export const complete = (
  sandbox: Sandbox,
  { uploadId, path }: Pick<UploadData, 'uploadId' | 'path'>,
  parts: unknown,
  key = sandbox.key,
): Promise<Response> =>
  post(
    sandbox,
    '/complete-multipart-upload',
    JSON.stringify({ data: { uploadId, key: path, parts } }),
    key,
  )

/** Uploads a whole file. */
export async function uploaded(
  sandbox: Sandbox,
  bytes: Uint8Array<ArrayBuffer>,
  originalFileName = 'photo.png',
): Promise<UploadData> {
  const upload = await newUpload(sandbox, bytes.length, { originalFileName })
  const response = await complete(sandbox, upload, await putAll(sandbox, upload, bytes))
  if (response.status !== 200) throw new Error(await response.text())
  return upload
}
