import { expect, it } from 'vitest'
import type { SampleName } from '../../core/api/samples.ts'
import { recordAfter } from '../tasks/testing-list.ts'
import { tabTitle } from './milestones.tsx'
import { statusLabel } from './status-badge.tsx'

it.each<[SampleName, string]>([
  ['processed', 'Done'],
  ['batch', 'Done'],
  ['batch-partly-failed', 'Done · 2 failed'],
  ['failed', 'Failed'],
])('%s: %s', (sample, label) => {
  const record = recordAfter([sample])
  expect(record.task && statusLabel(record.task)).toBe(label)
  expect(tabTitle(record, 'tram.jpg')).toMatch(new RegExp(`^${label} · .*tram.jpg · Loupe$`))
})
