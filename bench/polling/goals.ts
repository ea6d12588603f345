import { MINUTE } from '../../core/lib/units.ts'
import type { LimiterKind } from './limiter.ts'
import type { Figures, Variant } from './measure.ts'
import type { WorkloadName } from './workloads.ts'

/** Workloads without an outage. */
export type PlainWorkload = Exclude<WorkloadName, 'W7'>

/** Maximum values; figures that are not listed have no goal. */
export type Goal = Partial<Pick<Figures, 'mean' | 'median' | 'p95' | 'checks' | 'afterOutage'>>

/** Required of the policy, on seeds it was not tuned on. */
export const MUST: Record<PlainWorkload, Goal> = {
  W1: { mean: 2.5, median: 1.1, p95: 9, checks: 14 },
  W2: { mean: 4.7, median: 1.9, p95: 17 },
  W3: { mean: 21, median: 7, p95: 75 },
  W4: { mean: 9, median: 2.6, p95: 36 },
  W5: { mean: 950, median: 140 },
  W6: { mean: 62, median: 40, p95: 190 },
}

/** Better than any policy known to us. */
export const BEYOND: Record<PlainWorkload, Goal> = {
  W1: { mean: 1.9, median: 0.9, p95: 7 },
  W2: { mean: 3.6, median: 1.5, p95: 13 },
  W3: { mean: 13, median: 5, p95: 50 },
  W4: { mean: 6.8, median: 2.0, p95: 27 },
  W5: { mean: 760, median: 100 },
  W6: { mean: 46, median: 30, p95: 130 },
}

export interface Case {
  readonly title: string
  readonly workloads: readonly WorkloadName[]
  readonly variant: Variant
  readonly goals: Partial<Record<WorkloadName, Goal>>
  /** Others use the key or responses are lost, so that a 429 cannot be ruled out. */
  readonly mayBeRefused?: boolean
}

const USUAL: readonly WorkloadName[] = ['W1', 'W3', 'W4']
const KINDS: readonly LimiterKind[] = ['sliding', 'fixed', 'aligned', 'lockout', 'strict']
const UNLIMITED: Goal = { p95: 5.5, checks: 23 }

/** No kind of limit may ever answer with a 429. */
export const LIMITERS: readonly Case[] = [
  ...KINDS.flatMap((kind) =>
    [true, false].map((retryAfter) => ({
      title: `${kind}, ${retryAfter ? 'with' : 'without'} Retry-After`,
      workloads: ['W3', 'W4', 'W6'] as const,
      variant: { server: { kind, limit: 100, retryAfter, phase: 1_234_567 } },
      goals: {},
    })),
  ),
  {
    title: '1,000 an hour',
    workloads: ['W1', 'W6'],
    variant: {
      server: { kind: 'sliding', limit: 1000, retryAfter: true, phase: 0 },
      assumed: 1000,
    },
    goals: { W1: UNLIMITED },
  },
  {
    title: 'no limit',
    workloads: ['W1', 'W6'],
    variant: {
      server: { kind: 'sliding', limit: null, retryAfter: true, phase: 0 },
      assumed: null,
    },
    goals: { W1: UNLIMITED },
  },
]

/** Requests that never arrive cost nothing; requests that got a 503 may have used up the quota. */
export const OUTAGES: readonly Case[] = [
  ...(['refused', 'failing'] as const).flatMap((how) =>
    [0, 2, 4].map((minute) => ({
      title: `${how === 'refused' ? 'nobody can connect' : 'each answer is a 503'}, 3 min from min ${minute} on`,
      workloads: ['W7'] as const,
      variant: { outage: { from: minute * MINUTE, to: (minute + 3) * MINUTE, how } },
      goals: how === 'refused' ? { W7: { afterOutage: 30 } } : {},
    })),
  ),
]

export const VARIANTS: readonly Case[] = [
  {
    title: 'three tabs, the asking one closed every 10 min',
    workloads: USUAL,
    variant: { tabs: 3 },
    goals: {},
  },
  {
    title: 'hidden 6 min of 9 (delay felt while looking)',
    workloads: USUAL,
    variant: { hides: true },
    goals: { W1: { mean: 1.8, p95: 8.5 }, W4: { mean: 1.8, p95: 8.5, checks: 5 } },
  },
  {
    title: 'start unknown, followed from the start',
    workloads: USUAL,
    variant: { pasted: 'at once' },
    goals: { W1: { mean: 3, p95: 10 } },
  },
  {
    title: 'start unknown, followed from midway',
    workloads: USUAL,
    variant: { pasted: 'midway' },
    goals: { W1: { mean: 3, p95: 10 } },
  },
  { title: '3 % of the answers fail', workloads: USUAL, variant: { failing: 0.03 }, goals: {} },
  {
    title: 'others use 20 of the 100',
    workloads: USUAL,
    variant: { others: 20 },
    goals: {},
    mayBeRefused: true,
  },
  {
    title: 'others use 20, lock-out, no Retry-After',
    workloads: USUAL,
    variant: {
      others: 20,
      server: { kind: 'lockout', limit: 100, retryAfter: false, phase: 0 },
    },
    goals: {},
    mayBeRefused: true,
  },
  { title: 'three times slower', workloads: USUAL, variant: { pace: 3 }, goals: {} },
  { title: 'three times faster', workloads: USUAL, variant: { pace: 1 / 3 }, goals: {} },
  { title: 'long queues (twice the work)', workloads: USUAL, variant: { queue: 2 }, goals: {} },
  { title: 'no progress at all', workloads: USUAL, variant: { profile: 'silent' }, goals: {} },
  {
    title: 'no progress and no status word',
    workloads: USUAL,
    variant: { profile: 'silent', words: false },
    goals: {},
  },
  { title: 'all stall', workloads: USUAL, variant: { profile: 'stall' }, goals: {} },
  { title: 'all stay at 99', workloads: USUAL, variant: { profile: 'plateau' }, goals: {} },
  { title: 'no status word', workloads: USUAL, variant: { words: false }, goals: {} },
]
