import { expect, it } from 'vitest'
import { FILE_STATES } from '../../../files/file-state.ts'
import { ODDITIES } from '../../../polling/task-record.ts'
import { ERROR_RULES } from '../../../upscayl/errors.ts'
import { readReply } from '../../../upscayl/read-reply.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../../upscayl/samples.ts'
import { TASK_RULES, type TaskKind } from '../../../upscayl/task.ts'
import { ROLES } from '../../allowance/allowance-dialog.tsx'
import { NEVER } from '../../task/next-question.tsx'
import { GROUPS, STATE_NAMES, stateOf } from './states.ts'

const AT = Date.UTC(2026, 0, 1, 12)

const namesOf = (title: string) =>
  Object.keys(GROUPS.find((group) => group.title === title)?.states ?? {})

/** Every union of the program whose members a page tells apart, by the table that lists them at run time. */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  'Answers of the API': SAMPLE_NAMES,
  'Errors at first': Object.keys(ERROR_RULES).map((kind) => `first-${kind}`),
  'Errors later': Object.keys(ERROR_RULES).map((kind) => `later-${kind}`),
  'Credits at odds': ODDITIES.map((oddity) => `odd-${oddity}`),
  'Files and their end': ['calm', 'soon', 'urgent', 'over'].map((near) => `expiry-${near}`),
  'One file': [...FILE_STATES, ...['closed', 'early', 'held', 'saves', 'faults', 'verdicts']].map(
    (kind) => `file-${kind}`,
  ),
  'The next question': [
    ...['due', 'backoff', 'confirming', 'allowance', 'in-flight'],
    ...Object.keys(NEVER),
  ].map((why) => `next-${why}`),
}

it.each(Object.entries(UNIONS))('%s: one state for each member, and no other', (title, members) => {
  expect(namesOf(title).sort()).toEqual([...members].sort())
})

it('there are as many states as samples, union members and states of the other groups', () => {
  const roles = Object.keys(ROLES).map((role) => `dialog-allowance-${role}`)
  expect(namesOf('Dialogs')).toEqual(expect.arrayContaining(roles))
  const counted = GROUPS.reduce((sum, { title, states }) => {
    return sum + (UNIONS[title]?.length ?? Object.keys(states).length)
  }, 0)
  expect(STATE_NAMES).toHaveLength(counted)
  expect(new Set(STATE_NAMES).size).toBe(counted)
})

it('every kind of task is among the answers', () => {
  const kinds = new Set<TaskKind>()
  for (const name of SAMPLE_NAMES) {
    const { result } = readReply(SAMPLES[name].reply(AT, 'https://pictures.example'), AT)
    if (result.ok) kinds.add(result.value.kind)
  }
  expect([...kinds].sort()).toEqual(Object.keys(TASK_RULES).sort())
})

it('every state can stand in an address and says what it shows', () => {
  for (const name of STATE_NAMES) {
    expect(name).toMatch(/^[a-z0-9-]+$/)
    expect(stateOf(name)?.says).not.toBe('')
  }
  expect(stateOf('nonsense')).toBeNull()
})
