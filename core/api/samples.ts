import { DAY, HOUR, MINUTE } from '../lib/units.ts'
import type { RawResponse } from './raw-response.ts'

/*
 * One sample for each known response of the API, in both of its public dialects, and for the errors that
 * clients have encountered. Unit tests, the sandbox and the gallery share them.
 */

export interface Sample {
  /** Description in one line. */
  readonly description: string
  /** `at`: epoch milliseconds that all times are relative to. `base`: origin of its links, without trailing slash. */
  readonly reply: (at: number, base: string) => RawResponse
}

type Body = Readonly<Record<string, unknown>>

const seconds = (ms: number) => Math.floor(ms / 1000)

/** A body of the current public page: upper-case status, progress as text, times in seconds. */
const current = (fields: Body = {}): Body => ({
  status: 'PROCESSED',
  progress: '100',
  files: [],
  deductedCredits: 10,
  creditsDeducted: true,
  model: 'upscayl-standard-4x',
  scale: 4,
  saveImageAs: 'png',
  compression: 80,
  batchMode: false,
  enhanceFace: false,
  ...fields,
})

/** A body of the older description: lower-case status, scale as text, times in milliseconds. */
const older = (fields: Body = {}): Body =>
  current({ status: 'completed', model: 'digital-art-4x', scale: '4', ...fields })

const running = (fields: Body): Body =>
  current({ status: 'ENHANCING', deductedCredits: 0, creditsDeducted: false, ...fields })

interface FileSpec {
  readonly name?: string
  readonly picture?: Picture
  /** Milliseconds from `at`. */
  readonly expiresIn?: number
  readonly size?: number
  readonly width?: number
  readonly height?: number
}

/** Images that a server of samples provides at `<base>/samples/<name>.webp`. */
export const PICTURES = ['dunes', 'lake', 'harbour', 'aurora', 'meadow', 'canyon'] as const
export type Picture = (typeof PICTURES)[number]

const fileOf = (at: number, base: string, spec: FileSpec = {}): Body => {
  const picture = spec.picture ?? 'dunes'
  const name = spec.name ?? `${picture}.png`
  return {
    fileName: `1k2jj2b3c-${picture}.png`,
    processedFileName: `1k2jj2b3c-${picture}-4x.png`,
    originalFileName: name,
    fileType: 'image/png',
    fileSize: 412_876,
    finalFileSize: spec.size ?? 5_284_210,
    path: `users/1412v4124v/${name}`,
    createdAt: seconds(at - 12 * MINUTE),
    expiresAt: seconds(at + (spec.expiresIn ?? 2 * DAY)),
    dimensions: { width: spec.width ?? 2560, height: spec.height ?? 1600 },
    downloadLink: `${base}/samples/${picture}.webp`,
    thumbnailLink: `${base}/samples/${picture}.webp?small`,
  }
}

const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): RawResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

const task = (description: string, data: (at: number, base: string) => Body): Sample => ({
  description,
  reply: (at, base) => json(200, { status: 'success', data: data(at, base) }),
})

const error = (
  description: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Sample => ({ description, reply: () => json(status, body, headers) })

const raw = (description: string, status: number, type: string, body: string): Sample => ({
  description,
  reply: () => ({ status, headers: { 'content-type': type }, body }),
})

const LINK_FIELDS = ['downloadUrl', 'url', 'signedUrl', 'presignedUrl', 'fileUrl', 'path'] as const

const SIZE_AS_TEXT = { width: '2560', height: '1600' }
const textOf = (fields: Body): Body =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'object' ? value : String(value),
    ]),
  )

const LONG_NAME = `${'a very long name that somebody gave to a scan of the '.repeat(4)}archive.png`

export type SampleName = keyof typeof SAMPLES

export const SAMPLES = {
  // Tasks in the dialect of the current page
  processing: task('Waiting in the queue', () => running({ status: 'PROCESSING', progress: '0' })),
  enhancing: task('Enhancing, 64%', () => running({ progress: '64' })),
  'no-progress': task('Enhancing, without a number', () => running({ progress: '' })),
  'hundred-percent': task('100%, but not done yet', () => running({ progress: '100' })),
  processed: task('Done: one file, 10 credits', (at, base) =>
    current({ files: [fileOf(at, base)] }),
  ),
  batch: task('Done: a batch of six', (at, base) =>
    current({
      batchMode: true,
      deductedCredits: 60,
      model: 'nature-boost-4x',
      files: PICTURES.map((picture, n) =>
        fileOf(at, base, { picture, expiresIn: 2 * DAY + n * HOUR, size: 3_100_000 + n * 877_000 }),
      ),
    }),
  ),
  'batch-running': task('Enhancing a batch of six: two are done', (at, base) =>
    running({
      progress: '40',
      batchMode: true,
      files: PICTURES.slice(0, 2).map((picture) => {
        const { downloadLink: _, ...file } = fileOf(at, base, { picture })
        return file
      }),
    }),
  ),
  'batch-partly-failed': task('Done: a batch of six, of which two failed', (at, base) =>
    current({
      batchMode: true,
      deductedCredits: 40,
      error:
        '2 of 6 images failed and cost nothing. “lake.png” couldn’t be decoded: it is cut off. “aurora.png” isn’t a JPEG, PNG or WebP image.',
      files: PICTURES.map((picture) => {
        const { downloadLink, thumbnailLink, ...file } = fileOf(at, base, { picture })
        const isBad = picture === 'lake' || picture === 'aurora'
        return isBad ? file : { ...file, downloadLink, thumbnailLink }
      }),
    }),
  ),
  balance: task('Done, with the account’s balance', (at, base) =>
    current({ files: [fileOf(at, base)], currentCredits: 990, currentExtraCredits: 25 }),
  ),
  'many-files': task('Done: forty files', (at, base) =>
    current({
      batchMode: true,
      deductedCredits: 400,
      files: Array.from({ length: 40 }, (_, n) =>
        fileOf(at, base, {
          picture: PICTURES[n % PICTURES.length] ?? 'dunes',
          name: `frame-${String(n + 1).padStart(3, '0')}.png`,
        }),
      ),
    }),
  ),
  'no-files': task('Done, without files', () => current()),
  failed: task('Failed, with a reason', () =>
    current({
      status: 'PROCESSING_FAILED',
      progress: '37',
      deductedCredits: 0,
      creditsDeducted: false,
      error: 'The image could not be decoded: it ends before its last row.',
    }),
  ),
  'failed-without-reason': task('Failed, without a reason', () =>
    current({
      status: 'PROCESSING_FAILED',
      progress: '0',
      deductedCredits: 0,
      creditsDeducted: false,
    }),
  ),
  'credits-unconfirmed': task('Done, but the credits stay unconfirmed', (at, base) =>
    current({ creditsDeducted: false, files: [fileOf(at, base, { picture: 'lake' })] }),
  ),
  'credits-unknown': task('Done, without credits', (at, base) =>
    current({
      deductedCredits: null,
      creditsDeducted: null,
      files: [fileOf(at, base, { picture: 'lake' })],
    }),
  ),
  expiring: task('Done: the file expires in two minutes', (at, base) =>
    current({ files: [fileOf(at, base, { picture: 'harbour', expiresIn: 2 * MINUTE })] }),
  ),
  expired: task('Done: the file has expired', (at, base) =>
    current({ files: [fileOf(at, base, { picture: 'canyon', expiresIn: -3 * HOUR })] }),
  ),
  'no-links': task('Done: a file without a link', (at, base) =>
    current({
      files: [{ ...fileOf(at, base), downloadLink: null, thumbnailLink: null }],
    }),
  ),
  sparse: task('Done, with every optional field missing', () => ({
    status: 'PROCESSED',
    files: [{}],
  })),
  'hostile-values': task('Values that must not be trusted', (at, base) =>
    current({
      progress: 'NaN',
      deductedCredits: -10,
      scale: 99,
      compression: 1e9,
      model: '<img src=x onerror=alert(1)>',
      files: [
        {
          ...fileOf(at, base, { name: '../../x<script>.png', size: -1 }),
          createdAt: 0,
          expiresAt: 1e300,
          dimensions: { width: -4, height: 'tall' },
          downloadLink: 'javascript:alert(1)',
          thumbnailLink: 'data:text/html,<script>alert(1)</script>',
        },
        fileOf(at, base, { name: '\u202egnp.gpj.exe', picture: 'aurora' }),
        fileOf(at, base, { name: LONG_NAME, picture: 'meadow' }),
        fileOf(at, base, { name: '風景写真 – été №7 🌄.png', picture: 'lake' }),
      ],
    }),
  ),
  'endless-words': task('An endless status and reason', () =>
    running({
      status: 'AWAITING_MANUAL_REVIEW_'.repeat(40),
      progress: '33.333333333333336',
      model: 'x'.repeat(5000),
      saveImageAs: '\u202egnp'.repeat(100),
    }),
  ),
  'unknown-status': task('An undocumented status', () =>
    running({ status: 'DEFRAGMENTING', progress: '12' }),
  ),

  // Tasks in the dialect of the older description
  'older-pending': task('Older dialect: pending', () =>
    older({ status: 'pending', progress: '0', deductedCredits: 0, creditsDeducted: false }),
  ),
  'older-processing': task('Older dialect: processing, 75%', () =>
    older({ status: 'processing', progress: '75 %', deductedCredits: 0, creditsDeducted: false }),
  ),
  'older-completed': task('Older dialect: completed, times in milliseconds', (at, base) =>
    older({
      files: [
        {
          ...fileOf(at, base, { picture: 'aurora' }),
          createdAt: at - 12 * MINUTE,
          expiresAt: at + DAY,
        },
      ],
    }),
  ),
  'older-failed': task('Older dialect: failed', () =>
    older({
      status: 'failed',
      progress: '0',
      deductedCredits: 0,
      creditsDeducted: false,
      error: 'Model crashed',
    }),
  ),
  'link-elsewhere': task('Links under their other names', (at, base) =>
    current({
      files: LINK_FIELDS.map((field, n) => {
        const { downloadLink, ...rest } = fileOf(at, base, { picture: PICTURES[n] ?? 'dunes' })
        return { ...rest, [field]: downloadLink }
      }),
    }),
  ),
  'other-envelope': {
    description: 'Done, in another envelope with extra fields',
    reply: (at, base) =>
      json(200, {
        status: 'Task status retrieved successfully',
        data: current({
          id: '3f0c9a52-6d1e-4c58-9b7a-0e2d4f6a8c10',
          userId: 'u-1412v4124v',
          createdAt: at - 12 * MINUTE,
          endedAt: { _seconds: seconds(at - 11 * MINUTE), _nanoseconds: 0 },
          currentCredits: 990,
          currentExtraCredits: null,
          files: [fileOf(at, base)],
        }),
      }),
  },
  'all-text': task('Done, with numbers and booleans as text', (at, base) => {
    const { dimensions: _, ...file } = fileOf(at, base)
    return textOf(current({ files: [{ ...textOf(file), dimensions: SIZE_AS_TEXT }] }))
  }),
  'short-window': {
    description: 'Enhancing; limits of 10 requests a minute and 100 an hour',
    reply: () =>
      json(
        200,
        { status: 'success', data: running({ progress: '64' }) },
        {
          'ratelimit-policy': '"minute";q=10;w=60, "hour";q=100;w=3600',
          ratelimit: '"minute";r=9;t=60, "hour";r=99;t=3600',
        },
      ),
  },
  'retry-after': {
    description: 'Enhancing, with a Retry-After of a day',
    reply: () =>
      json(
        200,
        { status: 'success', data: running({ progress: '64' }) },
        { 'retry-after': '86400' },
      ),
  },

  // Errors
  'error-400-missing-user': error('400: no user for this key', 400, 'Bad Request: Missing User ID'),
  'error-400-other': error('400: another text', 400, 'Bad Request: taskId is not valid'),
  'error-400-bare': raw(
    '400: no user for this key, as bare text',
    400,
    'text/plain',
    'Bad Request: Missing User ID or Task ID',
  ),
  'error-401': error('401: key not accepted', 401, {
    error: 'UNAUTHORIZED',
    message: 'The API key is not valid.',
  }),
  'error-402': error('402: not enough credits', 402, {
    error: 'INSUFFICIENT_CREDITS',
    message: 'This task needs 10 credits, the account has 3.',
  }),
  'error-404': error('404: no such task', 404, {
    error: 'NOT_FOUND',
    message: 'No task with this id.',
  }),
  'error-404-bare': raw('404, as bare text', 404, 'text/plain', 'No such document'),
  'error-404-user': raw('404: no user for this key', 404, 'text/plain', 'User not found'),
  'error-429': error(
    '429: limit used up, with Retry-After',
    429,
    { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' },
    { 'retry-after': '90' },
  ),
  'error-429-sentence': error('429: limit used up, wait only in the message', 429, {
    error: 'RATE_LIMIT_EXCEEDED',
    message: 'Too many requests. Try again in 1 hour',
  }),
  'error-500': error('500: internal error', 500, 'Error getting data'),
  'error-500-bare': raw(
    '500, as bare text',
    500,
    'text/plain',
    'Error generating links for images',
  ),
  'error-503': error('503, retry in two minutes', 503, 'Service Unavailable', {
    'retry-after': '120',
  }),
  'error-in-200': error('200 with an error in it', 200, {
    status: 'error',
    message: 'The task could not be read.',
    data: null,
  }),
  'error-html': raw(
    'An HTML page where JSON should be',
    502,
    'text/html',
    '<html><body><h1>502 Bad Gateway</h1></body></html>',
  ),
  'error-empty': raw('200 with an empty body', 200, 'application/json', ''),
  'error-cut-off': raw(
    'JSON that ends in the middle',
    200,
    'application/json',
    '{"status":"success","data":{"status":"PROC',
  ),
  'error-no-envelope': error('JSON that is no status response', 200, { hello: 'world' }),
} as const satisfies Record<string, Sample>

export const SAMPLE_NAMES = Object.keys(SAMPLES) as SampleName[]
