import sharp from 'sharp'
import { CLOSED, doneTask, type FileHost, randomBytes, startFileHost } from './file-host.ts'
import { hostKinds } from './host-kinds.ts'

/* Tasks whose files are on another origin that pages may read: complete, broken, slow, rejected. */

export const MB = 1_000_000
const DAY = 86_400
const soon = () => Math.floor(Date.now() / 1000) + 2 * DAY

const noise = sharp(randomBytes(7, 64 * 48 * 3), { raw: { width: 64, height: 48, channels: 3 } })
export const picture = await noise.png().toBuffer()
const black = await sharp({
  create: { width: 64, height: 48, channels: 3, background: '#000' },
})
  .png()
  .toBuffer()

const fileAt =
  (path: string, name: string, fields: object = {}) =>
  (url: string) => ({
    originalFileName: name,
    fileType: 'image/png',
    expiresAt: soon(),
    createdAt: soon() - 3 * DAY,
    dimensions: { width: 64, height: 48 },
    downloadLink: `${url}${path}`,
    ...fields,
  })
const whole = { finalFileSize: picture.length }
export const MANY = 200
export const EACH = MB

const TASKS: Parameters<typeof startFileHost>[0]['tasks'] = {
  good: (url) => doneTask([fileAt('/picture/1', 'dunes.png', whole)(url)]),
  odd: (url) =>
    doneTask([
      fileAt('/picture/1', 'fine.png', whole)(url),
      fileAt('/broken/1', 'broken.png')(url),
      fileAt('/truncated/1', 'truncated.png', whole)(url),
      fileAt('/black/1', 'black.png')(url),
    ]),
  closed: (url) => doneTask([fileAt(`${CLOSED}/1`, 'closed.png', whole)(url)]),
  slow: (url) => doneTask([fileAt('/slow/1', 'slow.png')(url)]),
  cut: (url) => doneTask([fileAt('/cut/1', 'cut.png')(url)]),
  // Rejected before its stated expiry; the second response has a new link.
  early: (url, earlier) =>
    doneTask([fileAt(earlier === 0 ? '/refused/1' : '/picture/2', 'early.png', whole)(url)]),
  dead: (url) => doneTask([fileAt('/refused/1', 'dead.png')(url)]),
  mixed: (url) =>
    doneTask([
      fileAt('/picture/1', 'same.png')(url),
      fileAt('/picture/2', 'same.png')(url),
      fileAt('/refused/1', 'refused.png')(url),
      fileAt('/cut/1', 'cut.png')(url),
    ]),
  many: (url) =>
    doneTask(Array.from({ length: MANY }, (_, n) => fileAt(`/random/${n}`, `scan-${n}.png`)(url))),
  // Running at first; ends with two files of the same name.
  running: (url, earlier) =>
    earlier === 0
      ? { status: 'ENHANCING', progress: '40', model: 'upscayl-standard-4x', scale: 4 }
      : doneTask([
          fileAt('/picture/1', 'same.png', whole)(url),
          fileAt('/picture/2', 'same.png', whole)(url),
        ]),
  ending: (url, earlier) =>
    doneTask([
      fileAt(
        `/picture/1?Expires=${Math.floor(Date.now() / 1000) + (earlier === 0 ? 120 : 2 * DAY + 300)}`,
        'ending.png',
      )(url),
    ]),
  // Paid immediately; the files come with the fifth response, the first one that the user
  // requested.
  'late-files': (url, earlier) =>
    doneTask(earlier < 4 ? [] : [fileAt('/picture/1', 'late.png')(url)]),
  'late-link': (url, earlier) =>
    doneTask([fileAt('/picture/1', 'late.png', earlier < 4 ? { downloadLink: null } : {})(url)]),
  // The exact numbers of the API's public page.
  'public-page': (url) =>
    doneTask([
      fileAt('/picture/1', 'public.png', { createdAt: 1_640_995_200, expiresAt: 1_640_995_200 })(
        url,
      ),
    ]),
  'past-when-given': (url) =>
    doneTask([fileAt('/picture/1', 'past.png', { expiresAt: soon() - 3 * DAY })(url)]),
  'signed-for-longer': (url) => {
    const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const query = `X-Amz-Date=${at}&X-Amz-Expires=172900&X-Amz-Signature=1f`
    return doneTask([
      fileAt(`/picture/1?${query}`, 'signed.png', { expiresAt: 1_640_995_200 })(url),
    ])
  },
  // One rejected request among successful ones.
  ...Object.fromEntries(
    ([400, 401, 402, 403, 404] as const).map((status) => [
      `stray-${status}`,
      (_: string, earlier: number) =>
        earlier === 1 ? status : { status: 'ENHANCING', progress: String(40 + earlier) },
    ]),
  ),
  vanishing: (_, earlier) => (earlier === 0 ? { status: 'ENHANCING', progress: '40' } : 404),
  // Requested again to confirm its credits; each response signs the file links again.
  signed: (url, earlier) => ({
    ...doneTask([
      fileAt(`/picture/1?Expires=${soon()}&Signature=${earlier}`, 'signed.png', {
        path: `users/1/signed.png`,
        thumbnailLink: `${url}/picture/2?Expires=${soon()}&Signature=${earlier}`,
      })(url),
      fileAt(`/picture/3?X-Amz-Signature=${earlier}`, 'other.png', { path: 'users/1/other.png' })(
        url,
      ),
    ]),
    creditsDeducted: earlier > 2,
  }),
}

const send =
  (bytes: Buffer): Parameters<typeof startFileHost>[0]['routes'][string] =>
  (response) => {
    response.setHeader('content-type', 'image/png')
    response.setHeader('content-length', bytes.length)
    response.end(bytes)
  }

/** Starts and ends like a PNG; the bytes between compress as badly as those of one. */
export const scan = (n: number): Buffer => {
  const bytes = randomBytes(n, EACH)
  picture.copy(bytes, 0, 0, 8)
  picture.copy(bytes, EACH - 12, picture.length - 12)
  return bytes
}

const ROUTES: Parameters<typeof startFileHost>[0]['routes'] = {
  picture: send(picture),
  closed: send(picture),
  broken: send(Buffer.from(picture).fill(0x5a, 40, picture.length - 12)),
  truncated: send(picture.subarray(0, picture.length / 2)),
  black: send(black),
  random: (response, rest, request) => send(scan(Number(rest)))(response, rest, request),
  refused: (response) => response.writeHead(403).end('expired'),
  slow: (response) => {
    response.setHeader('content-length', 10 * MB)
    response.write(randomBytes(1, MB))
  },
  cut: (response) => {
    response.setHeader('content-length', 10 * MB)
    response.write(randomBytes(1, MB), () => response.destroy())
  },
}

/** The host of these files, which is also the API that serves their tasks. */
export function startHost(): Promise<FileHost> {
  const kinds = hostKinds(send(picture), picture)
  return startFileHost({
    tasks: { ...TASKS, ...kinds.tasks },
    routes: { ...ROUTES, ...kinds.routes },
  })
}
