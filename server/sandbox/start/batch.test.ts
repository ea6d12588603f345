import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { DAY } from '../../../core/lib/units.ts'
import { createAccounts } from '../store/accounts.ts'
import { askAndRead, get, list, NOW } from '../testing.ts'
import { newUpload, type UploadData, uploaded } from '../uploads/testing.ts'
import {
  emptySandbox,
  formOf,
  leftIn,
  photo,
  refusalOf,
  resultOf,
  start,
  started,
  until,
} from './testing.ts'

const png = Uint8Array.from(await photo().png().toBuffer())
const notAnImage = Uint8Array.from(Buffer.from('Dear all'))
const cutOff = png.slice(0, png.length - 20)

const filesForm = (files: readonly UploadData[], settings: Record<string, string> = {}) =>
  formOf(null, settings, [['files', JSON.stringify(files)]])

describe('a task of uploaded files', () => {
  test('with one is like any other; the upload can be used again', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const { sandbox, dir } = fixture
    const upload = await uploaded(sandbox, png, 'Утро №7.png')
    for (const scale of ['2', '3']) {
      const response = await start(sandbox, filesForm([upload], { scale }))
      const { taskId } = await started(response)
      await resultOf(fixture, taskId)
      const { data } = await askAndRead(sandbox, taskId)
      expect(data).toMatchObject({ batchMode: false, deductedCredits: 10 })
      expect(data.files).toMatchObject([
        { path: upload.path, originalFileName: 'Утро №7.png', fileSize: png.length },
      ])
    }
    expect(await readdir(`${dir}/parts/${upload.uploadId}`)).toEqual(['whole'])
    await until(async () => expect(await leftIn(dir)).toEqual([]))
  })

  test('with one bad image is rejected, like a form with one', async () => {
    const { sandbox, dir } = await emptySandbox()
    const bad = await uploaded(sandbox, cutOff)
    const response = await start(sandbox, filesForm([bad]))
    expect(await refusalOf(response)).toMatch(/^400 IMAGE_UNUSABLE: “photo.png” can't be decoded/)
    expect(await leftIn(dir)).toEqual([])
  })

  test('must be complete, not expired, and of the same account', async () => {
    let time = NOW
    const { sandbox, db } = await emptySandbox({ now: () => time })
    const other = createAccounts(db).ensure('other', 100).apiKey
    const whole = await uploaded(sandbox, png)
    const open = await newUpload(sandbox, png.length)
    const rejected = async (file: { readonly path: string }, key = sandbox.key) => {
      const form = formOf(null, {}, [['files', JSON.stringify(file)]])
      const refusal = await refusalOf(await start(sandbox, form, { 'x-api-key': key }))
      expect(refusal).toMatch(/^400 BAD_REQUEST: No complete upload has the path “/)
    }
    await rejected(open)
    await rejected(whole, other)
    for (const path of ['../sandbox.db', `${whole.path}/`, 'x'.repeat(9000)])
      await rejected({ path })
    time += DAY
    await rejected(whole)
  })

  test('under one Idempotency-Key is one task, also with the files in another notation', async () => {
    const { sandbox } = await emptySandbox()
    const files = [await uploaded(sandbox, png), await uploaded(sandbox, png)]
    const KEY = { 'idempotency-key': 'a' }
    const first = await started(await start(sandbox, filesForm(files), KEY))
    const repeated = files.map((file) => ['files[]', JSON.stringify(file)] as const)
    const again = await start(sandbox, formOf(null, {}, repeated), KEY)
    expect(await started(again)).toEqual(first)
    const fewer = await start(sandbox, filesForm(files.slice(1)), KEY)
    expect(await refusalOf(fewer)).toMatch(/^422/)
  })
})

describe('a batch', () => {
  test('finishes file by file', async () => {
    const { sandbox } = await emptySandbox({ pace: 0.02 })
    const names = ['a.png', 'b.png', 'c.png']
    const files: UploadData[] = []
    for (const name of names) files.push(await uploaded(sandbox, png, name))
    const { taskId, creditsToDeduct } = await started(await start(sandbox, filesForm(files)))
    expect(creditsToDeduct).toBe(30)
    const counts = new Set<number>()
    await until(async () => {
      const { data, task } = await askAndRead(sandbox, taskId)
      counts.add(task.files.length)
      expect(task.files.map(({ originalName }) => originalName)).toEqual(
        names.slice(0, task.files.length),
      )
      const isDone = data.status === 'PROCESSED'
      expect(data).toMatchObject({ batchMode: true, creditsDeducted: isDone })
      for (const { thumbnailUrl, downloadUrl } of task.files) {
        expect(downloadUrl === null).toBe(!isDone)
        expect((await get(sandbox, thumbnailUrl ?? '')).status).toBe(200)
      }
      expect(isDone).toBe(true)
    })
    expect(counts.size).toBeGreaterThan(2)
  })

  test('of forty with two bad images names those, and does not charge for them', async () => {
    const { sandbox, dir } = await emptySandbox({ pace: 0 })
    const files: UploadData[] = []
    for (let n = 0; n < 40; n++) {
      const bytes = n === 7 ? notAnImage : n === 23 ? cutOff : png
      files.push(await uploaded(sandbox, bytes, `frame-${n}.png`))
    }
    const response = await start(sandbox, filesForm(files, { scale: '1' }))
    expect(response.headers.get('x-task-cost')).toBe('400')
    const { taskId } = await started(response)
    const { data, task } = await until(async () => {
      const read = await askAndRead(sandbox, taskId)
      expect(read.task.kind).toBe('processed')
      return read
    })
    expect(data).toMatchObject({ deductedCredits: 380, creditsDeducted: true })
    expect(data.error).toBe(
      "2 of 40 images failed and cost nothing. “frame-7.png” isn't a JPEG, PNG or WebP image. “frame-23.png” couldn't be decoded: it is cut off.",
    )
    expect(task.files.map(({ originalName }) => originalName)).toEqual(
      files.map(({ originalFileName }) => originalFileName),
    )
    expect(task.files.flatMap(({ failed }, n) => (failed ? [n] : []))).toEqual([7, 23])
    const { ledger, balance } = await list(sandbox)
    expect(ledger).toMatchObject([{ taskId, credits: 380 }])
    expect(balance).toBe(10_000 - 380)
    await until(async () => expect(await leftIn(dir)).toEqual([]))
  })

  test('of nothing but bad images fails, and costs nothing', async () => {
    const { sandbox } = await emptySandbox({ pace: 0 })
    const files = [await uploaded(sandbox, cutOff, 'a.png')]
    for (let n = 0; n < 7; n++) files.push(await uploaded(sandbox, notAnImage, `${n}.png`))
    const { taskId } = await started(await start(sandbox, filesForm(files)))
    await until(async () => {
      const { data } = await askAndRead(sandbox, taskId)
      expect(data).toMatchObject({ status: 'PROCESSING_FAILED', deductedCredits: 0, files: [] })
      expect(data.error).toMatch(/^8 of 8 images failed .* And 3 more\.$/)
    })
    expect((await list(sandbox)).balance).toBe(10_000)
  })
})
