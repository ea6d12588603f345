import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compare, type ImageSet } from './compare.ts'
import { fileOf, shotsOf } from './draw.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loupe-compare-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const WHITE = { r: 255, g: 255, b: 255 }
const image = (background: object, width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background } })

/** All images of each subject, white unless `special` has another image. */
async function set(
  name: string,
  subjects: readonly string[],
  special: Readonly<Record<string, Sharp>> = {},
): Promise<ImageSet> {
  const folder = join(root, name)
  await mkdir(folder)
  for (const shot of subjects.flatMap(shotsOf)) {
    const file = fileOf(shot)
    await (special[file] ?? image(WHITE)).png().toFile(join(folder, file))
  }
  return { folder, subjects }
}

const [phone, desk] = shotsOf('a')
if (phone === undefined || desk === undefined) throw new Error('no shots')
const report = () => join(root, 'report')

describe('compare', () => {
  it('finds no difference between equal pixels with different compression', async () => {
    const was = await set('was', ['a'])
    const is = await set('is', ['a'], {
      [fileOf(phone)]: sharp(await image(WHITE).png({ compressionLevel: 0 }).toBuffer()),
    })
    const { differences, compared } = await compare(was, is, report())
    expect(differences).toEqual([])
    expect(compared).toBe(4)
  })

  it('finds a single pixel that differs by one step in one channel', async () => {
    const dot = await image({ r: 255, g: 255, b: 254 }, 1, 1).png().toBuffer()
    const is = await set('is', ['a'], {
      [fileOf(phone)]: image(WHITE).composite([{ input: dot, left: 7, top: 9 }]),
    })
    const { differences } = await compare(await set('was', ['a']), is, report())
    expect(differences).toEqual([{ ...phone, pixels: 1, share: 1 / 1200 }])
    for (const side of ['was', 'is', 'difference']) {
      expect(await readdir(join(report(), side))).toEqual([fileOf(phone)])
    }
  })

  it('counts missing pixels as different, most changed first', async () => {
    const is = await set('is', ['a'], {
      [fileOf(phone)]: image(WHITE, 40, 31),
      [fileOf(desk)]: image({ r: 0, g: 0, b: 0 }),
    })
    const { differences } = await compare(await set('was', ['a']), is, report())
    expect(differences.map(({ width, pixels }) => [width, pixels])).toEqual([
      [desk.width, 1200],
      [phone.width, 40],
    ])
  })

  it('lists added and removed subjects', async () => {
    const comparison = await compare(
      await set('was', ['a', 'old']),
      await set('is', ['a', 'new']),
      report(),
    )
    expect(comparison).toMatchObject({ differences: [], added: ['new'], removed: ['old'] })
  })
})
