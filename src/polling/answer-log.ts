import type { RecordedAnswer } from '../upscayl/recording.ts'

const MOST_ANSWERS = 200
/** Characters of a task's answers, written as JSON. */
const MOST_TEXT = 2_000_000

/** What came of this tab's questions, by task; in memory only. */
export interface AnswerLog {
  readonly add: (taskId: string, answer: RecordedAnswer) => void
  /** The last ones, oldest first; another array after each change, and only then. */
  readonly of: (taskId: string) => readonly RecordedAnswer[]
}

const NONE: readonly RecordedAnswer[] = []

const lengthOf = (answers: readonly RecordedAnswer[]) => JSON.stringify(answers).length

export function answerLog(): AnswerLog {
  const logs = new Map<string, readonly RecordedAnswer[]>()
  const of = (taskId: string) => logs.get(taskId) ?? NONE
  return {
    of,
    add(taskId, answer) {
      const all = [...of(taskId), answer]
      // The newest stays, however long it is.
      while (all.length > MOST_ANSWERS || (all.length > 1 && lengthOf(all) > MOST_TEXT)) all.shift()
      logs.set(taskId, all)
    },
  }
}
