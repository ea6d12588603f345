import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { DEMO_NAMES } from './demos.ts'
import { createSandbox } from './sandbox.ts'
import {
  ask,
  askAndRead,
  get,
  idOf,
  list,
  NOW,
  ORIGIN,
  openSandbox,
  post,
  startDemo,
  temporaryDir,
} from './testing.ts'

const until = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 50_000, interval: 20 })

describe('a new sandbox', () => {
  test('lists its demo tasks in display order, new ones first', async () => {
    const { sandbox } = await openSandbox()
    const before = await list(sandbox)
    expect(before.key).toMatch(/^sandbox_[\w-]{24}$/)
    expect(before.key).toBe(sandbox.key)
    expect(before.tasks.map(({ title }) => title)).toEqual([
      'Running task',
      'Batch of six',
      'Finished, not checked yet',
      'Failed',
      'About to expire',
      'Expired',
      'Minimal response',
    ])
    expect(before.tasks.map(({ demo }) => demo)).toEqual(DEMO_NAMES)
    const id = await startDemo(sandbox, before.tasks[0]?.demo ?? '')
    expect((await list(sandbox)).tasks[0]).toMatchObject({
      id,
      demo: 'running',
      title: 'Running task',
    })
  })

  test('shows the image of each demo, which no dashboard has uploaded', async () => {
    const { sandbox } = await openSandbox()
    const { tasks } = await list(sandbox)
    expect(tasks[0]?.source).toMatchObject({ name: 'harbour-at-dusk.png', width: 640, height: 400 })
    expect(tasks[1]?.source.name).toBe('IMG_4471.jpg')
    for (const { source } of tasks) {
      const [head, bytes = ''] = source.thumb.split(',')
      expect(head).toBe('data:image/webp;base64')
      const { width, height } = await sharp(Buffer.from(bytes, 'base64')).metadata()
      expect(Math.max(width, height)).toBe(160)
    }
    expect((await list(sandbox)).tasks).toEqual(tasks)
  })

  test('keeps its key when reopened, and lists demos that nobody has checked', async () => {
    const { sandbox: first, dir } = await openSandbox()
    const checked = await Promise.all([idOf(first, 'running'), idOf(first, 'done')])
    for (const id of checked) await askAndRead(first, id)
    const { tasks } = await list(first)
    await first.close()
    const { sandbox } = await openSandbox({ dataDir: dir })
    expect(sandbox.key).toBe(first.key)
    const again = await list(sandbox)
    expect(again.tasks.map(({ demo }) => demo)).toEqual(DEMO_NAMES)
    const kept = tasks.filter(({ id }) => again.tasks.some((task) => task.id === id))
    const unchecked = DEMO_NAMES.filter((name) => name !== 'running' && name !== 'done')
    expect(kept.map(({ demo }) => demo)).toEqual(unchecked)
    for (const id of checked) expect((await ask(sandbox, id)).status).toBe(200)
  })

  test('the first demo runs when it is first opened: at every start, and long after it', async () => {
    const dataDir = await temporaryDir()
    let time = NOW
    for (let start = 1; start <= 5; start++) {
      const sandbox = await createSandbox({ dataDir, pace: 0.01, now: () => time })
      time += 3 * MINUTE
      const id = (await list(sandbox)).tasks[0]?.id ?? ''
      const { data } = await askAndRead(sandbox, id)
      expect(data.status).toBe('PROCESSING')
      await until(async () => {
        const { status } = (await askAndRead(sandbox, id)).data
        expect(status).toBe('PROCESSED')
      })
      await sandbox.close()
      time += HOUR
    }
  })

  test('“About to expire” expires two minutes after its first check', async () => {
    let time = NOW
    const { sandbox } = await openSandbox({ now: () => time })
    const id = await idOf(sandbox, 'expiring')
    time += 3 * MINUTE
    const expiry = async () => (await askAndRead(sandbox, id)).task.files[0]?.expiresAt
    expect(await expiry()).toBe(time + 2 * MINUTE)
    time += MINUTE
    expect(await expiry()).toBe(time + MINUTE)
  })

  test('rejects an unknown demo with a message', async () => {
    const { sandbox } = await openSandbox()
    for (const body of ['{"demo":"nonsense"}', '{}', 'not json', '{"demo":"constructor"}']) {
      const response = await post(sandbox, '/sandbox/tasks', body)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ message: expect.stringContaining('running') })
    }
  })
})

describe('status responses', () => {
  test('a processed task has every field, with the types of the API', async () => {
    const fixture = await openSandbox()
    const { data, task } = await askAndRead(fixture.sandbox, await idOf(fixture.sandbox, 'done'))
    expect(data).toMatchObject({
      status: 'PROCESSED',
      progress: '100',
      deductedCredits: 10,
      creditsDeducted: true,
      model: 'natural-plus-4x',
      scale: 4,
      saveImageAs: 'jpg',
      compression: 8,
      batchMode: false,
      enhanceFace: false,
    })
    expect(data.error).toBeUndefined()
    const [file] = data.files ?? []
    expect(file).toEqual({
      fileName: expect.stringMatching(/^[\w-]+\.jpg$/),
      processedFileName: expect.stringMatching(/^[\w-]+-4x\.jpg$/),
      originalFileName: 'dunes-first-light.jpg',
      fileType: 'image/jpeg',
      fileSize: expect.any(Number),
      finalFileSize: expect.any(Number),
      path: expect.stringMatching(/^users\/\d+\//),
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
      dimensions: { width: 2560, height: 1600 },
      downloadLink: expect.stringContaining(`${ORIGIN}/files/`),
      thumbnailLink: expect.stringContaining(`${ORIGIN}/files/`),
    })
    expect(String(file?.createdAt)).toMatch(/^\d{10}$/)
    expect(task.kind).toBe('processed')
    expect(task.credits).toEqual({ state: 'deducted', amount: 10 })
  })

  test('a failed task has a reason, and costs nothing however often it is read', async () => {
    const fixture = await openSandbox()
    const id = await idOf(fixture.sandbox, 'failed')
    await askAndRead(fixture.sandbox, id)
    const { data, task } = await askAndRead(fixture.sandbox, id)
    expect(data).toMatchObject({ deductedCredits: 0, creditsDeducted: false, files: [] })
    expect(task).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/decoded/) })
    const { ledger, balance } = await list(fixture.sandbox)
    expect(ledger).toEqual([])
    expect(balance).toBe(10_000)
  })

  test('the sparse task omits all optional fields', async () => {
    const fixture = await openSandbox()
    const { data, task } = await askAndRead(fixture.sandbox, await idOf(fixture.sandbox, 'sparse'))
    expect(data).toEqual({ status: 'PROCESSED', files: [{}] })
    expect(task).toMatchObject({ kind: 'processed', credits: { state: 'unknown' } })
  })

  test('running tasks cost nothing yet and progress to their end; the rest waits in the queue', async () => {
    const fixture = await openSandbox({ pace: 0.01 })
    const { sandbox } = fixture
    const [running, batch] = [
      await idOf(fixture.sandbox, 'running'),
      await idOf(fixture.sandbox, 'batch'),
    ]
    expect((await askAndRead(sandbox, batch)).data).toMatchObject({
      status: 'PROCESSING',
      progress: '0',
      files: [],
      deductedCredits: 0,
      creditsDeducted: false,
      batchMode: true,
    })
    const seen: number[] = []
    const end = await until(async () => {
      const { task, data } = await askAndRead(sandbox, running)
      seen.push(task.progress ?? -1)
      if (task.kind !== 'processed') expect(data).toMatchObject({ creditsDeducted: false })
      expect(task.kind).toBe('processed')
      return task
    })
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(new Set(seen).size).toBeGreaterThan(3)
    expect(seen.at(-1)).toBe(100)

    const [file] = end.files
    const response = await get(sandbox, file?.downloadUrl ?? '')
    const bytes = Buffer.from(await response.arrayBuffer())
    const { format, width, height } = await sharp(bytes).metadata()
    expect({ type: `image/${format}`, size: bytes.length, dimensions: { width, height } }).toEqual({
      type: file?.type,
      size: file?.size,
      dimensions: file?.dimensions,
    })
  })

  test('two hundred concurrent readers leave one entry in the ledger', async () => {
    const fixture = await openSandbox()
    const id = await idOf(fixture.sandbox, 'done')
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => askAndRead(fixture.sandbox, id)),
    )
    expect(answers.every(({ data }) => data.creditsDeducted === true)).toBe(true)
    const { ledger, balance, requests, requestsByTask } = await list(fixture.sandbox)
    expect(ledger).toEqual([{ taskId: id, credits: 10, at: expect.any(Number) }])
    expect({ balance, requests, requestsByTask }).toEqual({
      balance: 9990,
      requests: 200,
      requestsByTask: { [id]: 200 },
    })
  })

  test("without enough credits the files are shown but can't be downloaded, until there are enough", async () => {
    const fixture = await openSandbox()
    const { sandbox, db } = fixture
    const id = await idOf(fixture.sandbox, 'done')
    db.run('UPDATE accounts SET balance = 9')
    const poor = await askAndRead(sandbox, id)
    expect(poor.data).toMatchObject({
      status: 'PROCESSED',
      deductedCredits: 10,
      creditsDeducted: false,
    })
    expect(poor.task.files[0]).toMatchObject({
      downloadUrl: null,
      thumbnailUrl: expect.any(String),
    })
    expect((await list(sandbox)).ledger).toEqual([])

    db.run('UPDATE accounts SET balance = 10')
    const rich = await askAndRead(sandbox, id)
    expect(rich.data).toMatchObject({ creditsDeducted: true })
    expect(rich.task.files[0]?.downloadUrl).toMatch(/^http/)
    expect((await list(sandbox)).balance).toBe(0)
  })
})

describe('requests that get no task', () => {
  test('a missing or unknown key', async () => {
    const { sandbox } = await openSandbox()
    for (const key of [undefined, '', 'sandbox_wrong']) {
      const response = await post(sandbox, '/get-task-status', '{"data":{"taskId":"x"}}', key)
      expect(response.status).toBe(400)
      expect(await response.json()).toBe('Bad Request: Missing User ID')
    }
  })

  test('an invalid body', async () => {
    const { sandbox } = await openSandbox()
    const large = JSON.stringify({ data: { taskId: 'x'.repeat(70_000) } })
    for (const body of ['', 'nonsense', 'null', '{}', '{"data":{"taskId":7}}', large]) {
      const response = await post(sandbox, '/get-task-status', body, sandbox.key)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatch(/^Bad Request: the body/)
    }
  })

  test('an ID that is too long', async () => {
    const { sandbox } = await openSandbox()
    const id = 'sentinel-flaky~'.padEnd(128, 'x')
    expect((await ask(sandbox, id)).status).toBe(200)
    const response = await ask(sandbox, `${id}x`)
    expect(response.status).toBe(400)
    expect(await response.json()).toBe('Bad Request: a taskId has at most 128 characters')
    expect((await list(sandbox)).requestsByTask).toEqual({ [id]: 1 })
  })

  test('a task that does not exist, or belongs to another account', async () => {
    const { sandbox } = await openSandbox()
    for (const id of ['nowhere', 'sentinel-nowhere', 'sentinel-not-yours', "' OR 1=1 --"]) {
      const response = await ask(sandbox, id)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({
        error: 'NOT_FOUND',
        message: 'No task with this ID.',
      })
    }
    expect((await list(sandbox)).requestsByTask).toEqual({})
  })

  test('an unknown path', async () => {
    const { sandbox } = await openSandbox()
    const response = await get(sandbox, '/get-task-status')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: 'NOT_FOUND' })
  })
})

test('after a crash, the next sandbox on the same data continues and charges once', async () => {
  const left = await openSandbox({ pace: 0.05 })
  const id = await idOf(left.sandbox, 'running')
  const before = await until(async () => {
    const { task } = await askAndRead(left.sandbox, id)
    expect(task.progress).toBeGreaterThan(5)
    return task.progress ?? 0
  })
  const { sandbox, db } = await openSandbox({ dataDir: left.dir, pace: 0 })
  const seen = [before]
  await until(async () => {
    const { task } = await askAndRead(sandbox, id)
    seen.push(task.progress ?? -1)
    expect(task.kind).toBe('processed')
  })
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  await Promise.all([askAndRead(left.sandbox, id), askAndRead(sandbox, id)])
  expect(db.all('SELECT task_id FROM ledger')).toEqual([{ task_id: id }])
})

test('sentinels are listed, need a key like any task, and are counted', async () => {
  const { sandbox } = await openSandbox()
  expect((await list(sandbox)).sentinels).toContainEqual({
    id: 'sentinel-stuck',
    says: expect.any(String),
    blocksMs: null,
  })
  expect((await ask(sandbox, 'sentinel-processed', 'wrong')).status).toBe(400)
  expect((await ask(sandbox, 'sentinel-processed')).status).toBe(200)
  expect((await list(sandbox)).requestsByTask).toEqual({ 'sentinel-processed': 1 })
})

test('a request is counted while it is in progress', async () => {
  const { sandbox } = await openSandbox()
  const slow = ask(sandbox, 'sentinel-slow')
  await until(async () => {
    expect((await list(sandbox)).requestsByTask).toEqual({ 'sentinel-slow': 1 })
  })
  await sandbox.close()
  expect((await slow).status).toBe(200)
})

test('links use the configured origin, if any', async () => {
  const { sandbox } = await openSandbox({ origin: 'https://loupe.example.org' })
  const { task } = await askAndRead(sandbox, await idOf(sandbox, 'done'))
  expect(task.files[0]?.downloadUrl).toMatch(/^https:\/\/loupe\.example\.org\/files\//)
  const sentinel = await askAndRead(sandbox, 'sentinel-processed')
  expect(JSON.stringify(sentinel.data)).toContain('https://loupe.example.org/')
  expect(JSON.stringify(sentinel.data)).not.toContain(ORIGIN)
})

test('the sample images are served', async () => {
  const { sandbox } = await openSandbox()
  const [response, head] = await Promise.all([
    get(sandbox, '/samples/dunes.webp'),
    get(sandbox, '/samples/dunes.webp', 'HEAD'),
  ])
  expect(response.headers.get('content-type')).toBe('image/webp')
  const bytes = await response.arrayBuffer()
  expect(head.headers.get('content-length')).toBe(String(bytes.byteLength))
  expect((await sharp(bytes).metadata()).width).toBe(960)
  const small = await get(sandbox, '/samples/dunes.webp?small')
  expect((await sharp(await small.arrayBuffer()).metadata()).width).toBe(640)
  expect((await get(sandbox, '/samples/..%2Fsandbox.db')).status).toBe(404)
})
