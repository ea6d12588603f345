import { expect, it } from 'vitest'
import type { SampleName } from '../../core/api/samples.ts'
import { recordAfter } from '../tasks/testing-list.ts'
import { creditsText } from './credits.tsx'

it.each<[SampleName, RegExp]>([
  ['processing', /^You’re charged once, when the finished result is first fetched\.$/],
  ['enhancing', /^You’re charged once, when/],
  ['unknown-status', /^You’re charged once, when/],
  ['processed', /^Confirmed by Upscayl\.$/],
  ['batch-partly-failed', /^Confirmed by Upscayl\.$/],
  ['failed', /^Failed tasks are free\.$/],
  ['failed-without-reason', /^Failed tasks are free\.$/],
  ['credits-unconfirmed', /^Upscayl hasn’t confirmed the deduction\. Your files are safe\.$/],
  ['credits-unknown', /^Upscayl didn’t report whether you were charged\.$/],
])('%s: one sentence says whether it was charged', (sample, sentence) => {
  const { task } = recordAfter([sample])
  if (task === null) throw new Error('no task')
  expect(creditsText(task, false).means).toMatch(sentence)
})

it('an amount other than the estimate is an anomaly', () => {
  const start = { startedAt: 0, quotedCredits: 12 }
  expect(recordAfter(['processed'], undefined, start).deduction.anomalies).toEqual([
    'other-than-announced',
  ])
  const images = { startedAt: 0, quotedCredits: 60 }
  // Four of its six images were charged.
  expect(recordAfter(['batch-partly-failed'], undefined, images).deduction.anomalies).toEqual([])
})
