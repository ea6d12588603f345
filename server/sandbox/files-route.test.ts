import contentDisposition from 'content-disposition'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { disposition, downloadName } from './download-name.ts'
import { createLinks } from './links.ts'
import { askAndRead, get, idOf, NOW, openSandbox } from './testing.ts'

test('the original of a demo is served in the format of its name, of no other task', async () => {
  const { sandbox } = await openSandbox()
  const original = await get(sandbox, `/samples/originals/${await idOf(sandbox, 'done')}`)
  expect(original.headers.get('content-type')).toBe('image/jpeg')
  const { format, width, height } = await sharp(await original.arrayBuffer()).metadata()
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 640, height: 400 })
  expect((await get(sandbox, '/samples/originals/nobodys')).status).toBe(404)
})

describe('file links', () => {
  async function expiring() {
    let time = NOW
    const { sandbox } = await openSandbox({ now: () => time })
    const id = await idOf(sandbox, 'expiring')
    const { task } = await askAndRead(sandbox, id)
    const [file] = task.files
    return {
      sandbox,
      id,
      download: file?.downloadUrl ?? '',
      thumbnail: file?.thumbnailUrl ?? '',
      wait: (ms: number) => {
        time += ms
      },
    }
  }

  test('serve the result as a download and the thumbnail inline, with nosniff', async () => {
    const { sandbox, download, thumbnail } = await expiring()
    const result = await get(sandbox, download)
    const bytes = await result.arrayBuffer()
    expect(result.status).toBe(200)
    expect(Object.fromEntries(result.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.byteLength),
      'content-disposition': 'attachment; filename="lake-crossing.webp"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=120',
    })
    const small = await get(sandbox, thumbnail)
    expect(small.headers.get('content-disposition')).toBe('inline; filename="lake-crossing.webp"')
    expect((await small.arrayBuffer()).byteLength).toBeLessThan(bytes.byteLength)

    const head = await get(sandbox, download, 'HEAD')
    expect(head.headers.get('content-length')).toBe(String(bytes.byteLength))
    expect(await head.text()).toBe('')
  })

  test('expire to the second; the status still lists them', async () => {
    const { sandbox, id, download, wait } = await expiring()
    wait(119_999)
    expect((await get(sandbox, download)).status).toBe(200)
    wait(1)
    const gone = await get(sandbox, download)
    expect(gone.status).toBe(403)
    expect(await gone.text()).toMatch(/expired/)
    expect((await askAndRead(sandbox, id)).task.files[0]?.downloadUrl).toBe(download)
  })

  test('open nothing when altered in any part', async () => {
    const { sandbox, download, thumbnail } = await expiring()
    const altered = [
      download.replace(/expires=\d+/, 'expires=9999999999'),
      download.replace(/expires=(\d+)/, 'expires=0$1'),
      download.replace('/download', '/thumbnail'),
      download.replace('/download', '/..%2F..%2Fsandbox.db'),
      download.replace(/files\/./, 'files/_'),
      download.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      download.replace(/signature=.*/, 'signature='),
      download.replace(/signature=.*/, `signature=${'é'.repeat(64)}`),
      download.replace(/\?.*/, ''),
      download.replace(/signature=.*/, thumbnail.match(/signature=.*/)?.[0] ?? ''),
    ]
    for (const url of altered) {
      const response = await get(sandbox, url)
      expect([url, response.status]).toEqual([url, 403])
      expect(await response.text()).toMatch(/altered/)
    }
  })

  test('of another sandbox count as altered', () => {
    const ours = createLinks('secret', () => NOW)
    const theirs = createLinks('other secret', () => NOW)
    const url = new URL(theirs.url('http://x', 'f', 'download', NOW + 1000))
    const link = {
      fileId: 'f',
      variant: 'download',
      expires: url.searchParams.get('expires') ?? '',
      signature: url.searchParams.get('signature') ?? '',
    }
    expect(ours.fault(link)).toBe('altered')
    expect(theirs.fault(link)).toBeNull()
  })
})

describe('the name of a download', () => {
  test.each([
    ['photo.png', 'png', 'photo.png'],
    ['photo.JPEG', 'jpg', 'photo.JPEG'],
    ['photo.jpg', 'png', 'photo.png'],
    ['no extension', 'webp', 'no extension.webp'],
    ['風景写真 – été №7 🌄.png', 'png', '風景写真 – été №7 🌄.png'],
    ['../../x<script>.png', 'png', 'x<script>.png'],
    ['C:\\temp\\a.png', 'png', 'a.png'],
    ['a\r\nSet-Cookie: b=c.png', 'png', 'aSet-Cookie: b=c.png'],
    ['\u202egnp.gpj.exe', 'jpg', 'gnp.gpj.jpg'],
    ['say "hi"; x=y.png', 'png', 'say "hi"; x=y.png'],
    ['..', 'png', 'image.png'],
    ['', 'jpg', 'image.jpg'],
    ['.png', 'png', 'image.png'],
    ['v1.2 final', 'png', 'v1.2 final.png'],
  ] as const)('%j saved as %s is %j, and comes back from the header', (original, format, name) => {
    expect(downloadName(original, format)).toBe(name)
    const header = disposition('attachment', name)
    expect(header).toMatch(/^[\x20-\x7e\xa0-\xff]*$/)
    expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header)
    expect(contentDisposition.parse(header)).toEqual({
      type: 'attachment',
      parameters: { filename: name },
    })
  })
})
