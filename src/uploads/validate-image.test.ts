import { describe, expect, it } from 'vitest'
import { MAX_FILE_BYTES } from '../../core/api/upload-limits.ts'
import { examineFile, examineUrl } from './validate-image.ts'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const JPG = [0xff, 0xd8, 0xff, 0xe0]
const WEBP = [...'RIFF____WEBP'].map((char) => char.charCodeAt(0))
const GIF = [...'GIF89a'].map((char) => char.charCodeAt(0))

const file = (bytes: readonly number[], name: string) => new File([new Uint8Array(bytes)], name)
const sized = (size: number) => Object.defineProperty(file(PNG, 'a.png'), 'size', { value: size })

describe('a file', () => {
  it('has the dimensions of its header, without being decoded', async () => {
    const ihdr = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 2, 128, 0, 0, 1, 224]
    const value = { width: 640, height: 480 }
    expect(await examineFile(file([...PNG, ...ihdr], 'a.png'))).toEqual({ ok: true, value })
  })

  it.each([
    [PNG, 'a.png'],
    [JPG, 'a.jpeg'],
    [WEBP, 'a'],
    // The bytes decide, not the name.
    [PNG, 'a.jpg'],
  ])('%j named %s is accepted', async (bytes, name) => {
    expect(await examineFile(file(bytes, name))).toEqual({ ok: true, value: null })
  })

  it.each([
    [GIF, 'a.gif', 'GIF isn’t supported. Use a JPG, PNG or WebP image.'],
    [GIF, 'a.png', 'GIF isn’t supported. Use a JPG, PNG or WebP image.'],
    [[1, 2], 'IMG_1.HEIC', 'HEIC isn’t supported. Use a JPG, PNG or WebP image.'],
    [[1, 2], 'notes.txt', 'This file isn’t an image. Use a JPG, PNG or WebP image.'],
    [[1, 2], 'a.jpg', 'This isn’t really a JPG. Use a JPG, PNG or WebP image.'],
    [[], 'a.png', 'This file is empty. Use a JPG, PNG or WebP image.'],
  ])('%j named %s: %s', async (bytes, name, why) => {
    expect(await examineFile(file(bytes, name))).toEqual({ ok: false, error: why })
  })

  it('is too large above 100 MiB, and the error says by how much', async () => {
    expect(await examineFile(sized(MAX_FILE_BYTES))).toMatchObject({ ok: true })
    expect(await examineFile(sized(MAX_FILE_BYTES + 1))).toEqual({
      ok: false,
      error: 'Too large: 100.1 MiB. The limit is 100 MiB.',
    })
  })

  it.each([0, 4096])('of %i bytes that cannot be read returns an error', async (size) => {
    const folder = Object.defineProperty(sized(size), 'slice', {
      value: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }),
    })
    expect(await examineFile(folder)).toEqual({
      ok: false,
      error: expect.stringMatching(/^This file can’t be read\./),
    })
  })
})

it.each([
  ['https://a.example/b.png', null],
  ['HTTP://a.example', null],
  ['https://', 'This URL is incomplete. Example: https://example.com/image.jpg'],
  ['data:image/png;base64,AA', expect.stringContaining('must start with http:// or https://')],
  ['a.example/b.png', expect.stringContaining('must start with http:// or https://')],
])('the URL %s: %s', (text, why) => {
  expect(examineUrl(text)).toEqual(why)
})
