import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A freshly loaded page that gets these events from its browser. */
async function openPage() {
  vi.resetModules()
  vi.useFakeTimers()
  const listeners = new Map<string, (event: { isTrusted: boolean }) => void>()
  vi.stubGlobal('document', {})
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) =>
    listeners.set(type, listener),
  )
  const { wasLeaving } = await import('./leaving.ts')
  return {
    wasLeaving,
    dispatch: (type: string, isTrusted = true) => listeners.get(type)?.({ isTrusted }),
  }
}

/** What the promise resolved with, as far as it did. */
async function outcomeOf(promise: Promise<boolean>): Promise<boolean | 'pending'> {
  let outcome: boolean | 'pending' = 'pending'
  void promise.then((value) => {
    outcome = value
  })
  await vi.advanceTimersByTimeAsync(0)
  return outcome
}

test('while the page stays, a failure is a failure', async () => {
  const { wasLeaving, dispatch } = await openPage()
  expect(await outcomeOf(wasLeaving())).toBe(false)
  dispatch('beforeunload', false)
  expect(await outcomeOf(wasLeaving())).toBe(false)
})

test('nothing is concluded on a page that is gone', async () => {
  const { wasLeaving, dispatch } = await openPage()
  dispatch('beforeunload')
  const early = wasLeaving()
  await vi.advanceTimersByTimeAsync(1000)
  dispatch('pagehide')
  expect(await outcomeOf(wasLeaving())).toBe('pending')
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(await outcomeOf(early)).toBe('pending')
})

test.each([
  ['a download', ({ dispatch }: Page) => dispatch('beforeunload')],
  [
    'a return by the back button',
    ({ dispatch }: Page) => {
      dispatch('beforeunload')
      dispatch('pagehide')
      dispatch('pageshow')
    },
  ],
])('after %s the page goes on', async (_, happen) => {
  const page = await openPage()
  page.dispatch('beforeunload')
  const request = page.wasLeaving()
  happen(page)
  await vi.advanceTimersByTimeAsync(5000)
  expect(await outcomeOf(request)).toBe(true)
  expect(await outcomeOf(page.wasLeaving())).toBe(false)
})

type Page = Awaited<ReturnType<typeof openPage>>
