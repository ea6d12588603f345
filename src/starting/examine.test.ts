import { describe, expect, it } from 'vitest'
import { MOST_FILE_BYTES } from '../upscayl/start-limits.ts'
import { examineAddress, examineFile } from './examine.ts'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const JPG = [0xff, 0xd8, 0xff, 0xe0]
const WEBP = [...'RIFF____WEBP'].map((char) => char.charCodeAt(0))
const GIF = [...'GIF89a'].map((char) => char.charCodeAt(0))

const file = (bytes: readonly number[], name: string) => new File([new Uint8Array(bytes)], name)
const sized = (size: number) => Object.defineProperty(file(PNG, 'a.png'), 'size', { value: size })

describe('a file', () => {
  it.each([
    [PNG, 'a.png'],
    [JPG, 'a.jpeg'],
    [WEBP, 'a'],
    // The bytes count, not the name.
    [PNG, 'a.jpg'],
  ])('%j named %s is accepted', async (bytes, name) => {
    expect(await examineFile(file(bytes, name))).toBeNull()
  })

  it.each([
    [GIF, 'a.gif', 'GIF images are not accepted. Choose a JPG, PNG or WebP image.'],
    [GIF, 'a.png', 'GIF images are not accepted. Choose a JPG, PNG or WebP image.'],
    [[1, 2], 'IMG_1.HEIC', 'HEIC images are not accepted. Choose a JPG, PNG or WebP image.'],
    [[1, 2], 'notes.txt', 'This file is not an image. Choose a JPG, PNG or WebP image.'],
    [
      [1, 2],
      'a.jpg',
      'This file is named .jpg, but its bytes are of another kind. Choose a JPG, PNG or WebP image.',
    ],
    [[], 'a.png', 'This file is empty. Choose a JPG, PNG or WebP image.'],
  ])('%j named %s: %s', async (bytes, name, why) => {
    expect(await examineFile(file(bytes, name))).toBe(why)
  })

  it('is too large above 100 MiB, and says by how much', async () => {
    expect(await examineFile(sized(MOST_FILE_BYTES))).toBeNull()
    expect(await examineFile(sized(MOST_FILE_BYTES + 1))).toBe(
      'This file is too large: 100.1 MiB. Choose an image of at most 100 MiB.',
    )
  })

  it.each([0, 4096])('of %i bytes that cannot be read says so', async (size) => {
    const folder = Object.defineProperty(sized(size), 'slice', {
      value: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }),
    })
    expect(await examineFile(folder)).toMatch(/^This file cannot be read\./)
  })
})

it.each([
  ['https://a.example/b.png', null],
  ['HTTP://a.example', null],
  [
    'https://',
    'This web address is not complete. It must look like https://example.com/image.jpg.',
  ],
  ['data:image/png;base64,AA', expect.stringContaining('must begin with http:// or https://')],
  ['a.example/b.png', expect.stringContaining('must begin with http:// or https://')],
])('the address %s: %s', (text, why) => {
  expect(examineAddress(text)).toEqual(why)
})
