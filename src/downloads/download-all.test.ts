import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Batch, type Listing, MAX_IN_VAIN } from './batch.ts'
import { bundle, type DownloadProgress } from './download-all.ts'
import { DEFAULT_TEMPLATE } from './name-template.ts'
import { fileWith, PNG, settingsWith } from './testing.ts'

/** A task of `count` files; each response signs new links unless `url` overrides it. */
function task({ count, url = signed, links = true, ask = true }: TaskOf) {
  let requests = 0
  const listing = (): Listing => ({
    id: 'task',
    settings: settingsWith(),
    clockSkew: 0,
    requestedAt: requests,
    files: Array.from({ length: count }, (_, n) =>
      fileWith({
        id: String(n),
        originalName: `scan-${n}.png`,
        downloadUrl: links || requests > 0 ? url(n, requests) : null,
      }),
    ),
  })
  const batch: Batch = {
    id: 'task',
    source: ask ? 'own' : 'shared',
    only: null,
    known: listing,
    refetch: ask
      ? async () => {
          requests++
          return listing()
        }
      : null,
    refusalOf: () => null,
  }
  return { batch, requests: () => requests }
}
interface TaskOf {
  readonly count: number
  readonly url?: (n: number, requests: number) => string
  /** Whether links are known before the first request. */
  readonly links?: boolean
  readonly ask?: boolean
}
const signed = (n: number, requests: number) => `https://host.example/${n}?answer=${requests}`

/** Downloads all batches from a host that serves the URLs for which `isGood` is true. */
async function saved(
  batches: readonly Batch[],
  isGood: (url: URL) => boolean,
): Promise<DownloadProgress> {
  vi.stubGlobal('fetch', async (url: string) =>
    isGood(new URL(url)) ? new Response(PNG) : new Response('<Error/>', { status: 403 }),
  )
  let last: DownloadProgress = { count: 0, done: 0, bytes: 0, failures: [] }
  const made = await bundle(batches, DEFAULT_TEMPLATE, new AbortController().signal, (progress) => {
    last = progress
  })
  if (made.kind === 'zip') await new Response(made.content).arrayBuffer()
  return last
}

/** Accepts the first `uses` links of each response, like links that live for seconds. */
const goodFor = (uses: number) => {
  const used = new Map<string, number>()
  return ({ searchParams }: URL) => {
    const response = searchParams.get('answer') ?? ''
    used.set(response, (used.get(response) ?? 0) + 1)
    return (used.get(response) ?? 0) <= uses
  }
}

describe('links that expire while a zip is created', () => {
  it('are requested again as seldom as possible', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 3, max: 80 }),
        async (count, uses) => {
          const { batch, requests } = task({ count })
          const progress = await saved([batch], goodFor(uses))
          expect(progress).toMatchObject({ done: count, failures: [] })
          expect(requests()).toBeLessThanOrEqual(Math.floor(count / (uses - 2)) + 1)
        },
      ),
    )
  })

  it('are requested again next to a file that is gone', async () => {
    const { batch } = task({ count: 40 })
    const lives = goodFor(5)
    const progress = await saved([batch], (url) => url.pathname !== '/7' && lives(url))
    expect(progress.done).toBe(39)
    expect(progress.failures.map(({ name }) => name)).toEqual(['scan-7-4x.png'])
  })

  it("are requested when it is their task's turn, not all in advance", async () => {
    const tasks = Array.from({ length: 40 }, () => task({ count: 1, links: false }))
    let open = 0
    const batches = tasks.map(({ batch }) => ({
      ...batch,
      refetch: async () => {
        open++
        return (await batch.refetch?.()) ?? null
      },
    }))
    let most = 0
    let fetched = 0
    const progress = await saved(batches, () => {
      most = Math.max(most, open - fetched)
      fetched++
      return true
    })
    expect(progress.done).toBe(40)
    expect(tasks.every(({ requests }) => requests() === 1)).toBe(true)
    expect(most).toBeLessThanOrEqual(3)
  })
})

describe('when a newer link is no better', () => {
  it.each<[says: string, TaskOf, isGood: (url: URL) => boolean]>([
    ['the host refuses all', { count: 60 }, () => false],
    ['the API gives the same again', { count: 60, url: (n) => signed(n, 0) }, () => false],
    ['half of the files are gone', { count: 60 }, ({ pathname }) => Number(pathname.slice(1)) > 29],
    ['each second is gone', { count: 60 }, ({ pathname }) => Number(pathname.slice(1)) % 2 === 0],
    ['links were requested and rejected', { count: 60, links: false }, () => false],
  ])('few requests are sent: %s', async (_, of, isGood) => {
    const { batch, requests } = task(of)
    const progress = await saved([batch], isGood)
    expect(requests()).toBeLessThanOrEqual(MAX_IN_VAIN)
    expect(progress.done + progress.failures.length).toBe(60)
  })

  it('no link is requested in views that send no requests', async () => {
    const { batch, requests } = task({ count: 3, ask: false })
    expect((await saved([batch], () => false)).failures).toHaveLength(3)
    expect(requests()).toBe(0)
  })
})

it('each file of each task is saved or reported missing', async () => {
  const file = fc.constantFrom('living', 'linkless', 'dead', 'over')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(file, { maxLength: 6 }), { minLength: 1 }), async (all) => {
      const batches = all.map((kinds, t): Batch => {
        const files = kinds.map((kind, n) =>
          fileWith({
            id: String(n),
            originalName: `${t}-${n}-${kind}.png`,
            downloadUrl: {
              living: `https://host.example/living/${n}`,
              linkless: null,
              dead: `https://host.example/dead/${n}`,
              over: `https://host.example/living/${n}?Expires=1000000000`,
            }[kind],
          }),
        )
        const known = () => ({
          id: `t${t}`,
          settings: settingsWith(),
          clockSkew: 0,
          requestedAt: 1,
          files,
        })
        return {
          id: `t${t}`,
          source: 'own',
          only: null,
          known,
          refetch: async () => known(),
          refusalOf: () => null,
        }
      })
      const progress = await saved(batches, ({ pathname }) => pathname.startsWith('/living'))
      const files = all.flat()
      const names = progress.failures.map(({ name }) => name)
      expect(progress.done).toBe(files.filter((kind) => kind === 'living').length)
      expect(new Set(names).size).toBe(names.length)
      expect(progress.done + names.length).toBe(progress.count)
      expect(progress.count).toBe(files.length + all.filter((kinds) => kinds.length === 0).length)
    }),
  )
})

it('files have the same names in every zip of a task, whatever is selected or failed', async () => {
  const files = ['0', '1', '2', '3'].map((id) =>
    fileWith({ id, originalName: 'a.png', downloadUrl: signed(Number(id), 0), failed: id === '1' }),
  )
  const { batch } = task({ count: 0 })
  const known = () => ({ id: 't', settings: settingsWith(), clockSkew: 0, requestedAt: 1, files })
  // Failures are reported by name.
  const namesOf = async (...ids: string[]) => {
    const only = ids.length === 0 ? null : new Set(ids)
    const part: Batch = { ...batch, only, known, refetch: null }
    const { failures, count } = await saved([part], () => false)
    expect(count).toBe(failures.length)
    return failures.map(({ name }) => name)
  }
  expect(await namesOf()).toEqual(['a-4x.png', 'a-4x (3).png', 'a-4x (4).png'])
  expect(await namesOf('2')).toEqual(['a-4x (3).png'])
  expect(await namesOf('1', '3')).toEqual(['a-4x (4).png'])
})
