import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HISTORY_PAGE, parseHistory } from './history.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const item = (id: string, more: object = {}) => ({
  id,
  createdAt: AT,
  status: 'PROCESSED',
  progress: '100',
  model: 'upscayl-standard-4x',
  scale: 4,
  saveImageAs: 'png',
  creditsDeducted: false,
  deductedCredits: 10,
  files: [{ originalFileName: 'tram.jpg' }, { originalFileName: 'dunes.jpg' }],
  ...more,
})
const page = (data: unknown, pagination?: object) => ({ status: 'success', data, pagination })
const read = (json: unknown) => {
  const result = parseHistory(json)
  if (!result.ok) throw new Error(result.error)
  return result.value
}

describe('a history', () => {
  it('has each task with its state, as far as it has one', () => {
    const { tasks, ...rest } = read(page([item('a'), { id: 'b' }], { total: 2, hasMore: false }))
    expect(rest).toEqual({ unread: 0, total: 2, next: null })
    expect(tasks).toMatchObject([
      {
        id: 'a',
        createdAt: AT,
        task: {
          kind: 'processed',
          credits: { state: 'outstanding', amount: 10 },
          settings: { model: 'upscayl-standard-4x' },
          files: [{ originalName: 'tram.jpg' }, {}],
        },
      },
      { id: 'b', createdAt: null, task: null },
    ])
  })

  it.each([
    ['under “data”', page({ tasks: [item('a')], pagination: { hasMore: true, nextOffset: 7 } }), 7],
    ['as the data', page([item('a')], { hasMore: true, nextOffset: 7 }), 7],
    ['with text for numbers', page([item('a')], { hasMore: 'true', nextOffset: '7' }), 7],
    ['without an offset', page([item('a')], { hasMore: true }), AT],
    ['in seconds', page([item('a', { createdAt: AT / 1000 })], { hasMore: true }), AT],
    ['without pagination', page([item('a')]), null],
    ['with the wrong pagination', page([item('a')], { hasMore: {}, nextOffset: -1 }), null],
    ['at its end', page([item('a')], { hasMore: false, nextOffset: 7 }), null],
    ['without times', page([{ id: 'a' }], { hasMore: true }), null],
  ])('%s', (_, json, next) => {
    expect(read(json)).toMatchObject({ tasks: [{ id: 'a' }], next })
  })

  it('without pagination has another page if this one is full', () => {
    expect(read(page(Array(HISTORY_PAGE).fill(item('a'))))).toMatchObject({ next: AT })
  })

  it.each([
    [{ taskId: 't', id: 'i' }, 't'],
    [{ id: 7 }, '7'],
    [{ id: '' }, null],
    [{ id: 'two words' }, null],
    [{ id: '../x' }, null],
    [{ id: { toString: false } }, null],
    [{ taskId: '', id: 'i' }, 'i'],
    [{ id: 'a', createdAt: 'soon', files: 'none', status: {} }, 'a'],
    ['a', null],
    [null, null],
  ])('of %j has the task %j', (one, id) => {
    const { tasks, unread } = read(page([one]))
    expect(tasks.map((task) => task.id)).toEqual(id === null ? [] : [id])
    expect(unread).toBe(id === null ? 1 : 0)
  })

  it.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ data: {} }],
    [{ data: 'x' }],
    [{ status: 'error', data: [] }],
    [{ status: 'success', error: 'No', data: [] }],
  ])('is not %j', (json) =>
    expect(parseHistory(json)).toEqual({ ok: false, error: 'not-a-history' }),
  )

  it('is read without failing, whatever comes', () => {
    const any = fc.jsonValue()
    const some = fc.record({ id: any, taskId: any, createdAt: any, files: any, status: any })
    const pages = fc.record({ total: any, hasMore: any, nextOffset: any })
    fc.assert(fc.property(any, (json) => void parseHistory(json)))
    fc.assert(
      fc.property(fc.array(fc.oneof(some, any)), fc.oneof(pages, any), (data, pagination) => {
        const { tasks, unread, next } = read({ data, pagination })
        expect(tasks.length + unread).toBe(data.length)
        expect(next === null || Number.isSafeInteger(next)).toBe(true)
      }),
    )
  })
})
