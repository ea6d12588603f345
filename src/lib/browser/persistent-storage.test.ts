import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

/** Like a freshly loaded page. */
async function visit(storage: unknown) {
  vi.resetModules()
  vi.stubGlobal('navigator', { storage })
  const { requestPersistence } = await import('./persistent-storage.ts')
  await requestPersistence()
  await requestPersistence()
}

const storage = (persisted: boolean) => ({
  persisted: vi.fn(async () => persisted),
  persist: vi.fn(async () => true),
})

test('persistent storage is requested once a visit', async () => {
  const one = storage(false)
  await visit(one)
  expect(one.persist).toHaveBeenCalledTimes(1)
})

test('it is not requested if already granted', async () => {
  const one = storage(true)
  await visit(one)
  expect(one.persist).not.toHaveBeenCalled()
})

const FAULTS: readonly (readonly [name: string, storage: unknown])[] = [
  ['missing', undefined],
  ['older', { persisted: undefined }],
  [
    'throwing',
    {
      persisted: vi.fn().mockImplementation(() => {
        throw new Error('refused')
      }),
    },
  ],
  ['rejecting', { persisted: async () => false, persist: () => Promise.reject(new Error('no')) }],
]

test.each(FAULTS)('nothing is thrown when it is %s', async (_, one) => {
  await expect(visit(one)).resolves.toBeUndefined()
})
