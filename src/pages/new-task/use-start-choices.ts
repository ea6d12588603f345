import { useState } from 'react'
import type { StartSettings } from '../../api/create-task.ts'
import { type RunAgain, settingsKey } from '../../uploads/run-again.ts'
import type { Upload } from '../../uploads/upload.ts'
import { type Split, type Splits, splitsOf } from './plan-starts.ts'

/** How the images become tasks. */
export interface StartChoices {
  readonly splits: Splits
  readonly split: Split
  readonly onSplit: (split: Split) => void
  /** Whether tasks that are run again keep their settings; null if there is nothing to choose. */
  readonly keeps: boolean | null
  readonly onKeeps: (keeps: boolean) => void
  /** Whether an image takes the settings of the form. */
  readonly needsForm: boolean
  /** Whether it keeps the settings of its earlier task. */
  readonly isKept: (upload: Upload) => boolean
  /** Settings that it is started with. */
  readonly settingsOf: (upload: Upload) => StartSettings
}

/** `chosen`: the settings of the form. */
export function useStartChoices(
  uploads: readonly Upload[],
  again: readonly RunAgain[],
  chosen: StartSettings,
  singleOnly: boolean,
): StartChoices {
  const [picked, onSplit] = useState<Split | null>(null)
  const [keeps, onKeeps] = useState(true)
  const ready = uploads.filter(({ state }) => state.kind === 'ready')
  const splits = splitsOf(ready, singleOnly)
  const split = picked !== null && splits.offered.includes(picked) ? picked : splits.usual
  const open = uploads.filter(({ state }) => state.kind !== 'started')
  const earlier = open.flatMap((upload) => upload.earlier?.settings ?? [])
  // One task has one of them.
  const mayKeep =
    split !== 'all' && earlier.length > 0 && differ([...earlier, ...settingsOf(again)])
  const isKept = (upload: Upload) => mayKeep && keeps && upload.earlier?.settings != null
  return {
    splits,
    split,
    onSplit,
    keeps: mayKeep ? keeps : null,
    onKeeps,
    needsForm: open.length === 0 || !open.every(isKept),
    isKept,
    settingsOf: (upload) => (isKept(upload) ? upload.earlier?.settings : null) ?? chosen,
  }
}

const settingsOf = (again: readonly RunAgain[]) => again.map(({ settings }) => settings)

/** Whether they are not all the same. */
export const differ = (all: readonly StartSettings[]): boolean =>
  new Set(all.map(settingsKey)).size > 1
