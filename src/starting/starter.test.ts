import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SharedValue } from '../lib/shared-value.ts'
import { HOUR, MINUTE } from '../lib/units.ts'
import { type Allowance, fullAllowance } from '../polling/budget.ts'
import type { StartError, StartOptions, StartResult, StartSettings } from '../upscayl/start-task.ts'
import { asTaskId } from '../upscayl/task-id.ts'
import { DEFAULT_SETTINGS } from './choice.ts'
import type { Item } from './item.ts'
import { createStarter, type Starter } from './starter.ts'

/** Only what hangs takes longer. */
const until = (check: () => unknown) => vi.waitFor(check, 50_000)

const AT = Date.UTC(2026, 0, 1, 12)
const OTHER: StartSettings = { ...DEFAULT_SETTINGS, scale: 2 }
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** An allowance as one tab sees it, without storage. */
function allowanceOf(value = fullAllowance(50)): SharedValue<Allowance> {
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    change(step) {
      value = step(value)
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Call extends StartOptions {
  readonly name: string
  readonly settings: StartSettings
  readonly at: number
  readonly answer: (result: StartResult) => Promise<void>
}

const started = (n: number): StartResult => {
  const taskId = asTaskId(`task-${n}`)
  if (taskId === null) throw new Error('no id')
  return { ok: true, value: { taskId, credits: n } }
}
const error = (error: StartError): StartResult => ({ ok: false, error })

/** One that is left open keeps the page's clock waiting for it in the next test. */
const opened: Starter[] = []
const closeAll = () => {
  for (const starter of opened.splice(0)) starter.close()
}

function open(allowance = allowanceOf()) {
  const calls: Call[] = []
  const under = new Set<Call>()
  const told: string[] = []
  const starter = createStarter({
    allowance,
    start: (source, settings, options) =>
      new Promise((resolve) => {
        let sent = 0
        const call: Call = {
          ...options,
          name: source.kind === 'url' ? source.url : source.file.name,
          settings,
          at: Date.now(),
          onProgress: (part) => {
            sent = part
            options.onProgress(part)
          },
          async answer(result) {
            under.delete(call)
            resolve(result)
            await vi.advanceTimersByTimeAsync(0)
          },
        }
        options.signal.addEventListener('abort', () => {
          void call.answer(error({ kind: sent < 1 ? 'cancelled' : 'unknown' }))
        })
        calls.push(call)
        under.add(call)
      }),
    onStarted: (item) => told.push(item.id),
  })
  opened.push(starter)
  return { starter, calls, under, told, allowance }
}

const urls = (n: number, from = 0) =>
  Array.from({ length: n }, (_, i) => `https://img.example/${from + i}.png`)
const kinds = (starter: Starter) => starter.state().map(({ state }) => state.kind)
const idOf = (starter: Starter, n: number) => starter.state()[n]?.id ?? ''

beforeEach(() => {
  vi.useFakeTimers({ now: AT })
})
afterEach(() => {
  closeAll()
  vi.useRealTimers()
})

describe('images', () => {
  it('are looked at before anything is sent', async () => {
    const { starter } = open()
    starter.add([new File([PNG], 'a.png'), new File([], 'b.png')])
    expect(kinds(starter)).toEqual(['checking', 'checking'])
    await until(() => expect(kinds(starter)).toEqual(['ready', 'unfit']))
  })

  it('that are there already are left out and counted, unless they became a task', async () => {
    const { starter, calls } = open()
    const a = () => new File([PNG], 'a.png', { lastModified: 1 })
    expect(starter.add([a(), a(), new File([PNG], 'a.png', { lastModified: 2 })])).toBe(1)
    expect(starter.addUrls(['https://x.example/', 'https://x.example/'])).toBe(1)
    expect(starter.state()).toHaveLength(3)
    starter.start(DEFAULT_SETTINGS)
    await calls[0]?.answer(started(1))
    expect(starter.addUrls(['https://x.example/'])).toBe(0)
  })

  it('are sent two at a time, in their order, with how much is sent', async () => {
    const { starter, calls, told } = open()
    starter.addUrls(urls(4))
    starter.start(DEFAULT_SETTINGS)
    expect(kinds(starter)).toEqual(['sending', 'sending', 'waiting', 'waiting'])
    calls[1]?.onProgress(0.5)
    expect(starter.state()[1]?.state).toEqual({ kind: 'sending', sent: 0.5 })
    await calls[1]?.answer(started(1))
    expect(starter.state()[1]?.state).toEqual({ kind: 'started', taskId: 'task-1', credits: 1 })
    expect(calls.map(({ name }) => name)).toEqual(urls(3))
    expect(told).toEqual([idOf(starter, 1)])
  })

  it('stay the same objects until something changes', () => {
    const { starter, calls } = open()
    const heard = vi.fn()
    starter.addUrls(urls(3))
    starter.start(DEFAULT_SETTINGS)
    const before = starter.state()
    starter.subscribe(heard)
    starter.cancel('nobody')
    starter.start(DEFAULT_SETTINGS)
    expect(starter.state()).toBe(before)
    expect(heard).not.toHaveBeenCalled()
    calls[0]?.onProgress(0.1)
    expect(heard).toHaveBeenCalledTimes(1)
    expect(starter.state()[1]).toBe(before[1])
  })
})

describe('the allowance', () => {
  it('has the rest wait until it comes back, each with its time', async () => {
    const { starter, calls, under } = open()
    starter.addUrls(urls(60))
    starter.start(DEFAULT_SETTINGS)
    while (under.size > 0) for (const call of [...under]) await call.answer(started(1))
    expect(calls.length).toBeLessThanOrEqual(50)
    expect(calls.length).toBeGreaterThanOrEqual(48)
    const last = starter.state().at(-1)?.state
    expect(last).toEqual({ kind: 'waiting', until: expect.any(Number) })
    expect(starter.isBusy()).toBe(true)
    await vi.advanceTimersByTimeAsync(HOUR + MINUTE)
    while (under.size > 0) for (const call of [...under]) await call.answer(started(1))
    expect(calls).toHaveLength(60)
    expect(starter.isBusy()).toBe(false)
  })

  it('is the same for all tabs of a key', async () => {
    const allowance = allowanceOf()
    const one = open(allowance)
    const two = open(allowance)
    for (const { starter } of [one, two]) {
      starter.addUrls(urls(40))
      starter.start(DEFAULT_SETTINGS)
    }
    const under = () => [...one.under, ...two.under]
    while (under().length > 0) for (const call of under()) await call.answer(started(1))
    expect(one.calls.length + two.calls.length).toBeLessThanOrEqual(50)
  })

  it('gets the places of starts that reached nobody back, and the others are not tried', async () => {
    const { starter, calls, allowance } = open()
    starter.addUrls(urls(20))
    starter.start(DEFAULT_SETTINGS)
    for (const call of calls) await call.answer(error({ kind: 'unreachable' }))
    expect(calls).toHaveLength(2)
    expect(allowance.get().sent).toEqual([])
    expect(kinds(starter).sort()).toEqual([
      ...['failed', 'failed'],
      ...Array<string>(18).fill('ready'),
    ])
    starter.start(DEFAULT_SETTINGS)
    expect(calls).toHaveLength(4)
    await calls[2]?.answer(error({ kind: 'cut' }))
    expect(allowance.get().sent).toHaveLength(3)
  })

  it('that is refused has all wait, and the refused one goes first then', async () => {
    const { starter, calls } = open()
    starter.addUrls(urls(3))
    starter.start(DEFAULT_SETTINGS)
    const until = AT + 10 * MINUTE
    await calls[0]?.answer(error({ kind: 'limited', until, message: null }))
    await calls[1]?.answer(started(1))
    expect(kinds(starter)).toEqual(['waiting', 'started', 'waiting'])
    expect(starter.state()[0]?.state).toEqual({ kind: 'waiting', until })
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(calls[2]).toMatchObject({ name: urls(1)[0], attempt: calls[0]?.attempt })
  })
})

describe('what went wrong', () => {
  it.each(['key', 'credits', 'unavailable'] as const)(
    'with the %s stops the rest',
    async (kind) => {
      const { starter, calls } = open()
      starter.addUrls(urls(4))
      starter.start(DEFAULT_SETTINGS)
      await calls[0]?.answer(error({ kind, message: null }))
      expect(kinds(starter)).toEqual(['failed', 'sending', 'ready', 'ready'])
      starter.retry(idOf(starter, 0), OTHER)
      expect(calls[2]).toMatchObject({ settings: OTHER, attempt: calls[0]?.attempt })
    },
  )

  it('with one image leaves the others', async () => {
    const { starter, calls } = open()
    starter.addUrls(urls(3))
    starter.start(DEFAULT_SETTINGS)
    const rejected = { kind: 'rejected', message: 'Broken.' } as const
    await calls[0]?.answer(error(rejected))
    expect(starter.state()[0]?.state).toEqual({ kind: 'failed', error: rejected, again: false })
    expect(kinds(starter)).toEqual(['failed', 'sending', 'sending'])
    starter.retry(idOf(starter, 0), DEFAULT_SETTINGS)
    expect(kinds(starter)[0]).toBe('failed')
  })

  it('is tried again as the same start once a task may have been started', async () => {
    const { starter, calls } = open()
    starter.addUrls(urls(1))
    starter.start(DEFAULT_SETTINGS)
    await calls[0]?.answer(error({ kind: 'unknown' }))
    starter.retry(idOf(starter, 0), OTHER)
    const { attempt, settings } = calls[0] ?? {}
    expect(calls[1]).toMatchObject({ attempt, settings })
    // That the second try came to nothing does not mean that the first has.
    await calls[1]?.answer(error({ kind: 'cut' }))
    const unknown = { kind: 'failed', error: { kind: 'unknown' }, again: true }
    expect(starter.state()[0]?.state).toEqual(unknown)
    starter.retry(idOf(starter, 0), OTHER)
    starter.cancel(idOf(starter, 0))
    await vi.advanceTimersByTimeAsync(0)
    expect(starter.state()[0]?.state).toEqual(unknown)
  })
})

describe('a person', () => {
  it('cancels what waits and what is sent, and can have it again', async () => {
    const { starter, calls } = open()
    starter.addUrls(urls(3))
    starter.start(DEFAULT_SETTINGS)
    for (const n of [2, 0]) starter.cancel(idOf(starter, n))
    await vi.advanceTimersByTimeAsync(0)
    expect(kinds(starter)).toEqual(['cancelled', 'sending', 'cancelled'])
    starter.retry(idOf(starter, 0), OTHER)
    expect(calls[2]).toMatchObject({ settings: OTHER, attempt: calls[0]?.attempt })
  })

  it('removes whatever is not being sent', () => {
    const { starter } = open()
    starter.addUrls(urls(4))
    starter.start(DEFAULT_SETTINGS)
    for (const { id } of starter.state()) starter.remove(id)
    expect(kinds(starter)).toEqual(['sending', 'sending'])
  })

  it('leaves: what is all sent is still told of, the rest breaks off', async () => {
    const { starter, calls, told } = open()
    starter.addUrls(urls(3))
    starter.start(DEFAULT_SETTINGS)
    calls[0]?.onProgress(1)
    starter.close()
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true])
    await calls[0]?.answer(started(1))
    expect(told).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect(calls).toHaveLength(2)
  })
})

describe('whatever happens', () => {
  const which = fc.nat(30)
  const anError = fc.constantFrom<StartError>(
    { kind: 'cut' },
    { kind: 'unreachable' },
    { kind: 'unknown' },
    { kind: 'key' },
    { kind: 'credits', message: null },
    { kind: 'limited', until: null, message: null },
    { kind: 'rejected', message: null },
    { kind: 'upstream', message: null },
  )
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), n: fc.nat(30) }),
    fc.record({
      do: fc.constant('start' as const),
      settings: fc.constantFrom(DEFAULT_SETTINGS, OTHER),
    }),
    fc.record({ do: fc.constant('progress' as const), n: which, part: fc.constantFrom(0.5, 1) }),
    fc.record({ do: fc.constant('succeed' as const), n: which, times: fc.nat(40) }),
    fc.record({ do: fc.constant('fail' as const), n: which, error: anError }),
    fc.record({
      do: fc.constantFrom('cancel' as const, 'remove' as const),
      n: which,
    }),
    fc.record({ do: fc.constant('retry' as const) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5 * MINUTE) }),
  )

  it('no item has two starts under way, no hour more than 50, and each ends in one way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(3, 80),
        fc.array(step, { maxLength: 40 }),
        async (first, steps) => {
          closeAll()
          vi.setSystemTime(AT)
          const { starter, calls, under, told } = open()
          const maybe = new Map<string, Call>()
          const items = () => starter.state()
          const nth = (n: number): Item | undefined => items()[n % Math.max(1, items().length)]
          const call = (n: number) => [...under][n % Math.max(1, under.size)]
          let added = first
          let ids = 0
          starter.addUrls(urls(first))
          starter.start(DEFAULT_SETTINGS)

          const check = () => {
            const names = [...under].map(({ name }) => name)
            expect(new Set(names).size).toBe(names.length)
            expect(names.length).toBeLessThanOrEqual(2)
            const sending = items().filter(({ state }) => state.kind === 'sending')
            expect(sending.map(nameOf).sort()).toEqual(names.sort())
            for (const [i, { at }] of calls.entries()) {
              const oneHourOn = calls[i + 50]
              if (oneHourOn) expect(oneHourOn.at - at).toBeGreaterThan(HOUR)
            }
            // One attempt for each image, and never again what has started.
            const attempts = new Map(calls.map(({ name, attempt }) => [name, attempt]))
            for (const one of calls) expect(one.attempt).toBe(attempts.get(one.name))
            expect(new Set(attempts.values()).size).toBe(attempts.size)
            expect(new Set(told).size).toBe(told.length)
          }
          const succeed = async (one: Call | undefined) => {
            // Where a task may have been started, the same is sent once more.
            const before = one && maybe.get(one.name)
            if (before) expect(one?.settings).toEqual(before.settings)
            await one?.answer(started(ids++))
          }

          for (const one of steps) {
            switch (one.do) {
              case 'add':
                starter.addUrls(urls(one.n, added))
                added += one.n
                break
              case 'start':
                starter.start(one.settings)
                break
              case 'progress':
                call(one.n)?.onProgress(one.part)
                break
              case 'succeed':
                for (let n = 0; n <= one.times; n++) await succeed(call(one.n))
                break
              case 'fail': {
                const failing = call(one.n)
                if (failing && one.error.kind === 'unknown' && !maybe.has(failing.name))
                  maybe.set(failing.name, failing)
                await failing?.answer(error(one.error))
                break
              }
              case 'retry':
                for (const { id, state } of items())
                  if (state.kind === 'failed') starter.retry(id, OTHER)
                break
              case 'cancel':
              case 'remove':
                starter[one.do](nth(one.n)?.id ?? '')
                await vi.advanceTimersByTimeAsync(0)
                break
              case 'pass':
                await vi.advanceTimersByTimeAsync(one.ms)
            }
            check()
          }

          for (let hours = 0; starter.isBusy() && hours < 40; hours++) {
            while (under.size > 0) await succeed(call(0))
            await vi.advanceTimersByTimeAsync(HOUR)
            check()
          }
          const ends = ['started', 'failed', 'cancelled', 'ready']
          for (const { state } of items()) expect(ends).toContain(state.kind)
          const counted = items()
            .filter(({ state }) => state.kind === 'started')
            .map(({ id }) => id)
          expect(told).toEqual(expect.arrayContaining(counted))
        },
      ),
      { numRuns: 60 },
    )
  })

  const nameOf = ({ source }: Item) => (source.kind === 'url' ? source.url : source.file.name)
})
