import { expect, it } from 'vitest'
import { ERROR_RULES } from '../../../core/api/errors.ts'
import { parseRecordedResponse } from '../../../core/api/replay.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../../core/api/samples.ts'
import { TASK_RULES, type TaskKind } from '../../../core/api/task.ts'
import { ANOMALIES } from '../../../core/record/task-record.ts'
import { ROLES } from '../../dialogs/quota/quota-dialog.tsx'
import { FILE_STATES } from '../../downloads/file-state.ts'
import { NEVER } from '../../pages/task/next-check.tsx'
import { GROUPS, STATE_NAMES, stateOf } from './states.ts'

const AT = Date.UTC(2026, 0, 1, 12)

const namesOf = (title: string) =>
  Object.keys(GROUPS.find((group) => group.title === title)?.states ?? {})

/** Unions whose members are displayed differently, by the table that lists them at run time. */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  'Responses of the API': SAMPLE_NAMES,
  'Errors on the first check': Object.keys(ERROR_RULES).map((kind) => `first-${kind}`),
  'Errors on a later check': Object.keys(ERROR_RULES).map((kind) => `later-${kind}`),
  'Credit anomalies': ANOMALIES.map((anomaly) => `anomaly-${anomaly}`),
  'File expiry': ['calm', 'soon', 'urgent', 'over'].map((near) => `expiry-${near}`),
  'One file': [...FILE_STATES, ...['closed', 'early', 'held', 'saves', 'faults', 'verdicts']].map(
    (kind) => `file-${kind}`,
  ),
  'Next check': [
    ...['due', 'backoff', 'confirming', 'allowance', 'in-flight'],
    ...Object.keys(NEVER),
  ].map((why) => `next-${why}`),
}

it.each(Object.entries(UNIONS))('%s: one state for each member, and no other', (title, members) => {
  expect(namesOf(title).sort()).toEqual([...members].sort())
})

it('there are as many states as samples, union members and states of the other groups', () => {
  const roles = Object.keys(ROLES).map((role) => `dialog-quota-${role}`)
  expect(namesOf('Dialogs')).toEqual(expect.arrayContaining(roles))
  const counted = GROUPS.reduce((sum, { title, states }) => {
    return sum + (UNIONS[title]?.length ?? Object.keys(states).length)
  }, 0)
  expect(STATE_NAMES).toHaveLength(counted)
  expect(new Set(STATE_NAMES).size).toBe(counted)
})

it('the samples include every kind of task', () => {
  const kinds = new Set<TaskKind>()
  for (const name of SAMPLE_NAMES) {
    const { result } = parseRecordedResponse(
      SAMPLES[name].reply(AT, 'https://pictures.example'),
      AT,
    )
    if (result.ok) kinds.add(result.value.kind)
  }
  expect([...kinds].sort()).toEqual(Object.keys(TASK_RULES).sort())
})

it('every state has a valid URL name and a description', () => {
  for (const name of STATE_NAMES) {
    expect(name).toMatch(/^[a-z0-9-]+$/)
    expect(stateOf(name)?.description).not.toBe('')
  }
  expect(stateOf('nonsense')).toBeNull()
})
