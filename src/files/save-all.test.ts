import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Batch, type Listing, MOST_IN_VAIN } from './batch.ts'
import { DEFAULT_TEMPLATE } from './name-template.ts'
import { bundle, type Tally } from './save-all.ts'
import { fileWith, settingsWith } from './testing.ts'

const PNG = new Uint8Array([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ...[0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
])

/** A task of `count` files; each answer to a question signs its links anew, unless `url` says otherwise. */
function task({ count, url = signed, links = true, ask = true }: TaskOf) {
  let questions = 0
  const answer = (): Listing => ({
    id: 'task',
    settings: settingsWith(),
    clockSkew: 0,
    askedAt: questions,
    files: Array.from({ length: count }, (_, n) =>
      fileWith({
        id: String(n),
        originalName: `scan-${n}.png`,
        downloadUrl: links || questions > 0 ? url(n, questions) : null,
      }),
    ),
  })
  const batch: Batch = {
    id: 'task',
    source: ask ? 'asked' : 'shared',
    known: answer,
    ask: ask
      ? async () => {
          questions++
          return answer()
        }
      : null,
    refusalOf: () => null,
  }
  return { batch, questions: () => questions }
}
interface TaskOf {
  readonly count: number
  readonly url?: (n: number, questions: number) => string
  /** Whether links are known before a question. */
  readonly links?: boolean
  readonly ask?: boolean
}
const signed = (n: number, questions: number) => `https://host.example/${n}?answer=${questions}`

/** Saves them all from a host that gives out what `isGood`. */
async function saved(batches: readonly Batch[], isGood: (url: URL) => boolean): Promise<Tally> {
  vi.stubGlobal('fetch', async (url: string) =>
    isGood(new URL(url)) ? new Response(PNG) : new Response('<Error/>', { status: 403 }),
  )
  let last: Tally = { count: 0, done: 0, bytes: 0, failures: [] }
  const made = await bundle(batches, DEFAULT_TEMPLATE, new AbortController().signal, (tally) => {
    last = tally
  })
  if (made.kind === 'zip') await new Response(made.content).arrayBuffer()
  return last
}

/** Good for the first `uses` of each answer's links, as those are that live for seconds. */
const goodFor = (uses: number) => {
  const used = new Map<string, number>()
  return ({ searchParams }: URL) => {
    const answer = searchParams.get('answer') ?? ''
    used.set(answer, (used.get(answer) ?? 0) + 1)
    return (used.get(answer) ?? 0) <= uses
  }
}

describe('links that end while a zip is made', () => {
  it('are asked for again, as seldom as it takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 3, max: 80 }),
        async (count, uses) => {
          const { batch, questions } = task({ count })
          const tally = await saved([batch], goodFor(uses))
          expect(tally).toMatchObject({ done: count, failures: [] })
          expect(questions()).toBeLessThanOrEqual(Math.floor(count / (uses - 2)) + 1)
        },
      ),
    )
  })

  it('are asked for again beside a file that is gone', async () => {
    const { batch } = task({ count: 40 })
    const lives = goodFor(5)
    const tally = await saved([batch], (url) => url.pathname !== '/7' && lives(url))
    expect(tally.done).toBe(39)
    expect(tally.failures.map(({ name }) => name)).toEqual(['scan-7-4x.png'])
  })

  it('are asked for when their task has its turn, not all before the first', async () => {
    const tasks = Array.from({ length: 40 }, () => task({ count: 1, links: false }))
    let open = 0
    const batches = tasks.map(({ batch }) => ({
      ...batch,
      ask: async () => {
        open++
        return (await batch.ask?.()) ?? null
      },
    }))
    let most = 0
    let fetched = 0
    const tally = await saved(batches, () => {
      most = Math.max(most, open - fetched)
      fetched++
      return true
    })
    expect(tally.done).toBe(40)
    expect(tasks.every(({ questions }) => questions() === 1)).toBe(true)
    expect(most).toBeLessThanOrEqual(3)
  })
})

describe('where a newer link is no better', () => {
  it.each<[says: string, TaskOf, isGood: (url: URL) => boolean]>([
    ['the host refuses all', { count: 60 }, () => false],
    ['the API gives the same again', { count: 60, url: (n) => signed(n, 0) }, () => false],
    ['half of the files are gone', { count: 60 }, ({ pathname }) => Number(pathname.slice(1)) > 29],
    ['each second is gone', { count: 60 }, ({ pathname }) => Number(pathname.slice(1)) % 2 === 0],
    ['links were asked for and refused', { count: 60, links: false }, () => false],
  ])('few questions are asked: %s', async (_, of, isGood) => {
    const { batch, questions } = task(of)
    const tally = await saved([batch], isGood)
    expect(questions()).toBeLessThanOrEqual(MOST_IN_VAIN)
    expect(tally.done + tally.failures.length).toBe(60)
  })

  it('none is asked where nobody asks', async () => {
    const { batch, questions } = task({ count: 3, ask: false })
    expect((await saved([batch], () => false)).failures).toHaveLength(3)
    expect(questions()).toBe(0)
  })
})

it('each file of each task arrives or is named', async () => {
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
          askedAt: 1,
          files,
        })
        return {
          id: `t${t}`,
          source: 'asked',
          known,
          ask: async () => known(),
          refusalOf: () => null,
        }
      })
      const tally = await saved(batches, ({ pathname }) => pathname.startsWith('/living'))
      const files = all.flat()
      const names = tally.failures.map(({ name }) => name)
      expect(tally.done).toBe(files.filter((kind) => kind === 'living').length)
      expect(new Set(names).size).toBe(names.length)
      expect(tally.done + names.length).toBe(tally.count)
      expect(tally.count).toBe(files.length + all.filter((kinds) => kinds.length === 0).length)
    }),
  )
})
