import type { FileHandle } from 'node:fs/promises'

/* What a file is by its bytes, whatever its name says, and that it is nothing else besides. */

export type PictureType = 'jpg' | 'png' | 'webp'

const HEAD_BYTES = 64 * 1024
const TAIL_BYTES = 64 * 1024

async function piece(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

export async function pictureType(file: FileHandle): Promise<PictureType | null> {
  const head = (await piece(file, 0, 12)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'jpg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'webp' : null
}

/** Whether the file ends where the picture does. */
export async function soundEnd(
  file: FileHandle,
  size: number,
  type: PictureType,
): Promise<boolean> {
  switch (type) {
    case 'png':
      return (await pngEnd(file, size)) === size
    case 'webp': // RIFF has its length in its head, without the first eight bytes
      return (await piece(file, 4, 4)).readUInt32LE() + 8 === size
    case 'jpg':
      return jpegEnds(file, size)
  }
}

const PNG_HEAD = 8
/** Length, name and checksum of a chunk. */
const PNG_FRAME = 12
/** 100 MiB in pieces of 4 KiB; many more are there to keep a reader busy. */
const MOST_CHUNKS = 30_000

/** Behind its chunk IEND; null where there is none. */
async function pngEnd(file: FileHandle, size: number): Promise<number | null> {
  let at = PNG_HEAD
  for (let chunk = 0; chunk < MOST_CHUNKS && at + PNG_FRAME <= size; chunk++) {
    const frame = await piece(file, at, 8)
    at += PNG_FRAME + frame.readUInt32BE()
    if (frame.toString('latin1', 4) === 'IEND') return at
  }
  return null
}

/**
 * Cameras put things behind a JPEG: zeros, further pictures (MPF, gain maps), Samsung's SEF block, the
 * video of a motion photo, which its XMP announces. Anything else is no part of a picture.
 */
async function jpegEnds(file: FileHandle, size: number): Promise<boolean> {
  const from = Math.max(0, size - TAIL_BYTES)
  const tail = (await piece(file, from, size - from)).toString('latin1').replace(/\0+$/, '')
  if (tail.endsWith('\xff\xd9') || tail.endsWith('SEFT')) return true
  const head = (await piece(file, 0, HEAD_BYTES)).toString('latin1')
  return /MotionPhoto|MicroVideo/.test(head)
}
