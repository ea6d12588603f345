import type { TaskFile } from './task.ts'

/** Format of `…-Date` in a signed link: 20260101T120000Z. */
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
/** Epoch seconds or milliseconds of this century; a smaller number is a duration or a counter. */
const EPOCH = /^\d{10}(\d{3})?$/
const ISO_DAY = /^\d{4}-\d\d-\d\d/

/**
 * Expiry in a signed link, epoch milliseconds by its host's clock; null if it has none. Supported are
 * X-Amz-Date with X-Amz-Expires (AWS Signature 4, and X-Goog-… of Google), `Expires` (S3 before that,
 * CloudFront and many others) and `se` of Azure.
 */
export function signedEnd(link: string): number | null {
  const fields = new Map(
    [...new URL(link).searchParams].map(([name, value]) => [name.toLowerCase(), value] as const),
  )
  const ends = [
    lifetime(fields, 'amz'),
    lifetime(fields, 'goog'),
    epoch(fields.get('expires') ?? ''),
    day(fields.get('se') ?? ''),
  ].filter((end) => end !== null && Number.isFinite(end)) as number[]
  return ends.length === 0 ? null : Math.min(...ends)
}

function lifetime(fields: ReadonlyMap<string, string>, of: 'amz' | 'goog'): number | null {
  const from = (fields.get(`x-${of}-date`) ?? '').replace(COMPACT, '$1-$2-$3T$4:$5:$6Z')
  const seconds = fields.get(`x-${of}-expires`) ?? ''
  return /^\d{1,9}$/.test(seconds) ? Date.parse(from) + 1000 * Number(seconds) : null
}

const epoch = (text: string): number | null =>
  EPOCH.test(text) ? Number(text.padEnd(13, '0')) : null

const day = (text: string): number | null => (ISO_DAY.test(text) ? Date.parse(text) : null)

/** Clock data of a response; see TaskRecord. */
export interface Dating {
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** When the request for that response was sent, epoch milliseconds. */
  readonly requestedAt: number
}

/**
 * Probable expiry of a file's link, epoch milliseconds by this device's clock; null if unknown. A date
 * that had passed before the link was returned belongs to something else, such as the upload.
 */
export function probableEnd({ expiresAt }: TaskFile, { clockSkew, requestedAt }: Dating) {
  return expiresAt === null || expiresAt - clockSkew <= requestedAt ? null : expiresAt - clockSkew
}

/** Whether a link is http(s); no other link is ever followed or shown. */
export function isWebLink(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}

/** The file without any link, including an ID or a name that is a link itself. */
export const withoutLinks = (file: TaskFile, index: number): TaskFile => ({
  ...file,
  id: isWebLink(file.id) ? `link-${index}` : file.id,
  originalName: unlinked(file.originalName),
  storedName: unlinked(file.storedName),
  downloadUrl: null,
  thumbnailUrl: null,
})

const unlinked = (name: string | null) => (name !== null && isWebLink(name) ? null : name)
