import type { Task } from './task.ts'
import { MAX_NAME_LENGTH, MAX_REASON_LENGTH, MAX_WORD_LENGTH } from './wire.ts'

/** Changes one text, whose length the parser limits to `longest`. '' for none. */
export type TextChange = (text: string, longest: number) => string

/** The task with each of its free texts changed. They are external and can contain anything. */
export function withTexts(task: Task, change: TextChange): Task {
  const changed = (text: string | null, longest: number) =>
    text === null ? null : change(text, longest) || null
  const word = (text: string | null) => changed(text, MAX_WORD_LENGTH)
  const { settings, files } = task
  const { model, scale, saveImageAs } = settings
  const all = {
    ...task,
    settings: {
      ...settings,
      model: word(model),
      scale:
        scale?.kind === 'odd' ? { ...scale, text: change(scale.text, MAX_WORD_LENGTH) } : scale,
      saveImageAs: word(saveImageAs),
    },
    files: files.map((file) => ({
      ...file,
      originalName: changed(file.originalName, MAX_NAME_LENGTH),
      storedName: changed(file.storedName, MAX_NAME_LENGTH),
      type: word(file.type),
    })),
    reason: changed(task.reason, MAX_REASON_LENGTH),
  }
  if (all.kind === 'unrecognized') return { ...all, word: word(all.word) }
  return all
}
