import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../core/lib/units.ts'
import { openStage, START, task } from './testing.ts'

const STEP = 250

interface Viewer {
  readonly token: string
  /** Returns each second, whatever was announced. */
  readonly hasty: boolean
  comesAt: number
}

/** Simulates a minute of a running task. Returns the arrival time of each request, in ms from the start. */
async function playedBy(many: number, hasty = 0): Promise<{ sent: number[]; views: number }> {
  const sent: number[] = []
  const stage = await openStage(async () => {
    const at = stage.now() - START
    sent.push(at)
    return at < 50_000
      ? task({ progress: String(Math.floor(at / 500)) })
      : task({ status: 'PROCESSED', progress: '100', creditsDeducted: true, deductedCredits: 10 })
  })
  const { token } = await stage.share()
  const viewers: Viewer[] = Array.from({ length: many }, (_, n) => ({
    token,
    hasty: n < hasty,
    comesAt: START,
  }))
  let views = 0
  for (let at = START; at <= START + MINUTE; at += STEP) {
    const coming = viewers.filter(({ comesAt }) => comesAt <= at)
    await Promise.all(
      coming.map(async (viewer) => {
        views++
        const { nextInMs } = (await (await stage.view(viewer.token)).json()) as {
          nextInMs: number | null
        }
        viewer.comesAt = viewer.hasty ? at + 1000 : at + (nextInMs ?? Number.POSITIVE_INFINITY)
      }),
    )
    stage.pass(STEP)
  }
  return { sent, views }
}

describe('a minute of one running task', () => {
  test('costs the API as many requests for two hundred viewers as for one', async () => {
    const one = await playedBy(1)
    const many = await playedBy(200)
    expect(one.sent.length).toBeGreaterThan(5)
    expect(many.sent).toEqual(one.sent)
    expect(many.views).toBe(200 * one.views)
  })

  test('costs no more with viewers among them who return each second', async () => {
    const one = await playedBy(1)
    const hasty = await playedBy(60, 30)
    expect(hasty.views).toBeGreaterThan(30 * 60)
    expect(hasty.sent).toEqual(one.sent)
  })
})
