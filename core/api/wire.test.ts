import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES, SAMPLES, type SampleName } from './samples.ts'
import { isTerminal, type Task, type TaskKind } from './task.ts'
import { parseTask } from './wire.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const BASE = 'https://files.example'

const success = (data: unknown) => parseTask({ status: 'success', data })

function taskOf(data: unknown): Task {
  const read = success(data)
  if (!read.ok) throw new Error('refused')
  return read.value
}

/** Invariants of every parsed task. */
function expectSane(task: Task): void {
  const { progress, credits, settings, files } = task
  if (progress !== null) expect(progress >= 0 && progress <= 100).toBe(true)
  if (credits.amount !== null) expect(credits.amount).toBeGreaterThanOrEqual(0)
  if (settings.scale?.kind === 'known')
    expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(settings.scale.factor)
  if (settings.compression !== null) {
    expect(settings.compression >= 0 && settings.compression <= 100).toBe(true)
  }
  for (const file of files) {
    if (file.size !== null) expect(Number.isSafeInteger(file.size) && file.size >= 0).toBe(true)
    for (const at of [file.createdAt, file.expiresAt]) {
      if (at !== null) expect(new Date(at).getUTCFullYear()).toBeGreaterThan(1970)
    }
    for (const url of [file.downloadUrl, file.thumbnailUrl]) {
      if (url !== null) expect(['http:', 'https:']).toContain(new URL(url).protocol)
    }
    if (file.dimensions !== null) {
      expect(file.dimensions.width > 0 && file.dimensions.height > 0).toBe(true)
    }
  }
  expect(new Set(files.map((file) => file.id)).size).toBe(files.length)
  expect(numbersIn(task).every(Number.isFinite)).toBe(true)
}

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

describe('any JSON at all', () => {
  it('is a valid task or is rejected, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (body) => {
        const read = parseTask(body)
        if (read.ok) expectSane(read.value)
        else expect(read.error).toBe('not-a-task')
      }),
      { numRuns: 1000 },
    )
  })

  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.double(),
    fc.constantFrom('NaN', '-1', '1e400', '', ' ', '100%', 'javascript:alert(1)', 'data:,x', 0, -1),
    fc.webUrl(),
  )
  const field = (...names: string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, junk])), { requiredKeys: [] })
  const file = field(
    ...[
      'fileName',
      'processedFileName',
      'originalFileName',
      'fileType',
      'fileSize',
      'finalFileSize',
    ],
    ...['path', 'createdAt', 'expiresAt', 'dimensions', 'downloadLink', 'downloadUrl', 'url'],
    ...['signedUrl', 'presignedUrl', 'fileUrl', 'thumbnailLink'],
  )

  it('with the right names and any values is a valid task', () => {
    fc.assert(
      fc.property(
        field(
          ...['progress', 'deductedCredits', 'creditsDeducted', 'model', 'scale', 'saveImageAs'],
          ...['compression', 'batchMode', 'enhanceFace', 'error'],
        ),
        fc.oneof(fc.string(), fc.constantFrom('PROCESSED', 'failed', 'Enhancing')),
        fc.array(fc.oneof(file, junk), { maxLength: 5 }),
        (fields, status, files) => {
          const read = success({ ...fields, status, files })
          if (read.ok) expectSane(read.value)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('every sample', () => {
  const EXPECTED: Partial<Record<SampleName, TaskKind>> = {
    processing: 'processing',
    enhancing: 'enhancing',
    'batch-running': 'enhancing',
    'no-progress': 'enhancing',
    'hundred-percent': 'enhancing',
    failed: 'failed',
    'failed-without-reason': 'failed',
    'unknown-status': 'unrecognized',
    'endless-words': 'unrecognized',
    'short-window': 'enhancing',
    'retry-after': 'enhancing',
    'older-pending': 'pending',
    'older-processing': 'processing',
    'older-failed': 'failed',
  }
  it.each(SAMPLE_NAMES)('%s', (name) => {
    const { status, body } = SAMPLES[name].reply(AT, BASE)
    let json: unknown
    try {
      json = JSON.parse(body)
    } catch {
      json = undefined
    }
    const read = parseTask(json)
    expect(read.ok).toBe(status === 200 && !name.startsWith('error-'))
    if (!read.ok) return
    expectSane(read.value)
    expect(read.value.kind).toBe(EXPECTED[name] ?? 'processed')
  })
})

describe('the envelope', () => {
  const done = { status: 'PROCESSED', files: [], creditsDeducted: true }
  const failed = { status: 'PROCESSING_FAILED', error: 'Cut off' }

  it.each([
    [{ status: 'success', data: done }],
    [{ status: 'SUCCESS', data: done }],
    [{ status: 'ok', data: done }],
    [{ status: 'occaecat dolore', data: done }],
    [{ status: '', data: done }],
    [{ status: null, data: done }],
    [{ status: 200, data: done }],
    [{ status: true, data: done }],
    [{ data: done }],
    [{ success: true, error: null, message: 'Fine', data: done }],
    [{ status: 'x', error: '', data: done }],
    [{ status: 'failed', data: failed }],
    [{ status: 'error', error: 'Cut off', data: failed }],
    [{ status: 'x', data: { status: 'AWAITING', progress: '3' } }],
    [{ status: 'success', data: { status: 'AWAITING' } }],
    [{ status: 'x', data: { model: 'digital-art-4x' } }],
  ])('of %j holds a task', (body) => {
    expect(parseTask(body).ok).toBe(true)
  })

  it.each([
    [{ status: 'error', data: done }],
    [{ status: ' Failed ', message: 'In words.', data: done }],
    [{ status: 500, data: done }],
    [{ status: '404', data: done }],
    [{ success: false, data: done }],
    [{ success: 'false', data: done }],
    [{ status: 'success', error: 'NOT_FOUND', data: done }],
    [{ status: 'success', error: { message: 'In words.' }, data: done }],
    [{ status: 'success', error: true, data: done }],
    [{ status: 'success', data: {} }],
    [{ status: 'success', data: { error: 'No such document' } }],
    [{ status: 'success', data: 'No such document' }],
    [{ status: 'denied', data: { status: 'FORBIDDEN' } }],
    [{ status: 'success', data: [done] }],
    [{ status: 'success', data: null }],
    [done],
  ])('of %j holds none', (body) => {
    expect(parseTask(body)).toEqual({ ok: false, error: 'not-a-task' })
  })

  it('may contain account data', () => {
    const about = { id: 'x', userId: 7, createdAt: 1, endedAt: {}, currentCredits: 'many' }
    const extra = { ...about, currentExtraCredits: null }
    expect(taskOf({ ...done, ...extra })).toEqual(taskOf(done))
  })
})

describe('status', () => {
  it.each([
    ['ENHANCING', 'enhancing', false],
    ['PROCESSING', 'processing', false],
    ['processing', 'processing', false],
    ['pending', 'pending', false],
    ['PROCESSED', 'processed', true],
    [' completed ', 'processed', true],
    ['PROCESSING_FAILED', 'failed', true],
    ['failed', 'failed', true],
    ['DEFRAGMENTING', 'unrecognized', false],
  ] as const)('%s is %s', (status, kind, terminal) => {
    const task = taskOf({ status })
    expect(task.kind).toBe(kind)
    expect(isTerminal(task)).toBe(terminal)
  })

  it('keeps an unknown status verbatim', () => {
    expect(taskOf({ status: 'Defragmenting' })).toMatchObject({ word: 'Defragmenting' })
  })
})

describe('fields', () => {
  it.each([
    ['100', 100],
    ['75 %', 75],
    ['75%', 75],
    [99.9, 99],
    ['33.333333333333336', 33],
    [64, 64],
    ['0', 0],
    [250, 100],
    [-3, 0],
    ['', null],
    ['NaN', null],
    ['soon', null],
    [null, null],
    [{}, null],
  ])('progress %j is %j', (progress, expected) => {
    expect(taskOf({ status: 'ENHANCING', progress }).progress).toBe(expected)
  })

  it.each([
    [4, { kind: 'known', factor: 4 }],
    ['4', { kind: 'known', factor: 4 }],
    [9, { kind: 'odd', text: '9' }],
    ['2.5', { kind: 'odd', text: '2.5' }],
    ['four', { kind: 'odd', text: 'four' }],
    ['', null],
    [null, null],
    [[], null],
  ])('scale %j is %j', (scale, expected) => {
    expect(taskOf({ status: 'PROCESSED', scale }).settings.scale).toEqual(expected)
  })

  it.each([
    [true, true],
    ['true', true],
    [' TRUE ', true],
    ['1', true],
    [1, true],
    ['false', false],
    ['False', false],
    [0, false],
    ['', null],
    ['yes, of course', null],
    [10, null],
    [[true], null],
    [null, null],
  ])('a flag of %j is %j', (flag, expected) => {
    const { settings, credits } = taskOf({
      ...{ status: 'PROCESSED', batchMode: flag, enhanceFace: flag, creditsDeducted: flag },
    })
    expect([settings.batchMode, settings.enhanceFace]).toEqual([expected, expected])
    const states = new Map([
      [true, 'deducted'],
      [false, 'outstanding'],
    ])
    expect(credits.state).toBe((expected === null ? null : states.get(expected)) ?? 'unknown')
  })

  it('accepts numbers as text', () => {
    const dimensions = { width: '2560', height: ' 1600 ' }
    const task = taskOf({
      ...{ status: 'PROCESSED', deductedCredits: '10', scale: '4', compression: '80' },
      files: [{ fileSize: '412876', createdAt: '1640995200', dimensions }],
    })
    expect(task).toMatchObject({
      credits: { amount: 10 },
      settings: { scale: { factor: 4 }, compression: 80 },
      files: [{ size: 412_876, createdAt: Date.UTC(2022, 0, 1), dimensions: { width: 2560 } }],
    })
  })

  it.each([
    [1_640_995_200, Date.UTC(2022, 0, 1)],
    [1_640_995_200_000, Date.UTC(2022, 0, 1)],
    ['1640995200', Date.UTC(2022, 0, 1)],
    [0, null],
    [-5, null],
    [86_400, null],
    [1e300, null],
    ['tomorrow', null],
  ])('a time of %j is %j', (expiresAt, expected) => {
    const [file] = taskOf({ status: 'PROCESSED', files: [{ expiresAt }] }).files
    expect(file?.expiresAt).toBe(expected)
  })

  it.each([
    [{ downloadLink: 'https://a.example/1' }, 'https://a.example/1'],
    [{ downloadUrl: 'https://a.example/2' }, 'https://a.example/2'],
    [{ url: 'http://a.example/3' }, 'http://a.example/3'],
    [{ signedUrl: 'https://a.example/4' }, 'https://a.example/4'],
    [{ presignedUrl: 'https://a.example/10' }, 'https://a.example/10'],
    [{ fileUrl: 'https://a.example/5' }, 'https://a.example/5'],
    [{ path: 'https://a.example/6' }, 'https://a.example/6'],
    [{ path: 'users/1/2.png' }, null],
    [{ downloadLink: 'javascript:alert(1)', url: 'https://a.example/7' }, 'https://a.example/7'],
    [{ downloadLink: '//a.example/8' }, null],
    [{ downloadLink: 'ftp://a.example/9' }, null],
    [{ downloadLink: 'https://' }, null],
  ])('the link of %j is %j', (fields, expected) => {
    const [file] = taskOf({ status: 'PROCESSED', files: [fields] }).files
    expect(file?.downloadUrl).toBe(expected)
  })

  it.each([
    // Only beside others that have one is a missing link a failure.
    ['PROCESSED', 'One failed.', { url: 'https://a.example/1' }, [false, true]],
    ['PROCESSED', 'One failed.', { thumbnailLink: 'https://a.example/1' }, [false, true]],
    ['PROCESSED', 'All is slow.', {}, [false, false]],
    ['PROCESSED', null, { url: 'https://a.example/1' }, [false, false]],
    ['ENHANCING', 'One failed.', { url: 'https://a.example/1' }, [false, false]],
  ])(
    'of a batch that is %s, with error %j and %j, has failed: %j',
    (status, error, first, failed) => {
      const task = taskOf({ status, error, files: [{ path: 'a', ...first }, { path: 'b' }] })
      expect(task.files.map((file) => file.failed)).toEqual(failed)
      expect(task.reason).toBe(error)
    },
  )

  it('truncates and sanitizes texts', () => {
    const task = taskOf({
      status: 'failed',
      error: '\u202e.detcuded erew stiderc oN',
      model: 'x'.repeat(500),
    })
    expect(task).toMatchObject({ reason: '\ufffd.detcuded erew stiderc oN' })
    expect(task.settings.model).toHaveLength(80)
  })

  it('prefers fields of the result over those of the source', () => {
    const fields = { fileSize: 1, finalFileSize: 2, fileName: 'a', processedFileName: 'b' }
    const [file] = taskOf({ status: 'PROCESSED', files: [fields] }).files
    expect(file).toMatchObject({ size: 2, storedName: 'b' })
  })

  it('drops invalid files and keeps the rest', () => {
    expect(taskOf({ status: 'PROCESSED', files: [null, 3, {}, 'x', {}] }).files).toHaveLength(2)
    expect(taskOf({ status: 'PROCESSED', files: null }).files).toEqual([])
  })
})
