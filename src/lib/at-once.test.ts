import { expect, it } from 'vitest'
import { atOnce } from './at-once.ts'

it('runs a limited number of jobs at once, in order, also after one fails', async () => {
  const limited = atOnce(2)
  const started: number[] = []
  const ends: (() => void)[] = []
  const all = [0, 1, 2, 3].map((n) =>
    limited(async () => {
      started.push(n)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (n === 0) throw new Error('no luck')
      return n
    }),
  )
  const outcomes = Promise.allSettled(all)
  expect(started).toEqual([0, 1])
  ends[0]?.()
  await expect(all[0]).rejects.toThrow('no luck')
  expect(started).toEqual([0, 1, 2])
  ends[1]?.()
  await all[1]
  expect(started).toEqual([0, 1, 2, 3])
  ends[2]?.()
  ends[3]?.()
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
})
