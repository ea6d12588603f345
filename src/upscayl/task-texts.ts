import type { Task } from './task.ts'
import { LONGEST_NAME, LONGEST_REASON, LONGEST_WORD } from './wire.ts'

/** Changes one text, which the door of the API lets be no longer than `longest`. '' for nothing to say. */
export type TextChange = (text: string, longest: number) => string

/** The task with each of its free texts changed. They come from outside and can hold anything. */
export function withTexts(task: Task, change: TextChange): Task {
  const changed = (text: string | null, longest: number) =>
    text === null ? null : change(text, longest) || null
  const word = (text: string | null) => changed(text, LONGEST_WORD)
  const { settings, files } = task
  const { model, scale, saveImageAs } = settings
  const all = {
    ...task,
    settings: {
      ...settings,
      model: word(model),
      scale: scale?.kind === 'odd' ? { ...scale, text: change(scale.text, LONGEST_WORD) } : scale,
      saveImageAs: word(saveImageAs),
    },
    files: files.map((file) => ({
      ...file,
      originalName: changed(file.originalName, LONGEST_NAME),
      storedName: changed(file.storedName, LONGEST_NAME),
      type: word(file.type),
    })),
  }
  if (all.kind === 'unrecognized') return { ...all, word: word(all.word) }
  if (all.kind === 'failed') return { ...all, reason: changed(all.reason, LONGEST_REASON) }
  return all
}
