import { Segmented } from '../../ui/choice.tsx'
import type { Split, Splits } from './plan-starts.ts'

interface TaskChoiceProps {
  readonly splits: Splits
  readonly split: Split
  readonly onSplit: (split: Split) => void
}

const LABELS: Readonly<Record<Split, string>> = {
  before: 'As before',
  each: 'One task each',
  all: 'One task for all',
}

/** What it means for names, failures and credits. */
const HELP: Readonly<Record<Split, string>> = {
  before: 'Images that were one task become one task again.',
  each: 'Each image has its own name, status and credits. One can fail alone.',
  all: 'Named after the first image, credits deducted once. If one upload fails, none start.',
}

const WHY = {
  mixed: 'One task takes files or URLs, not both. Each image becomes a task.',
  'single-only': 'This API takes one image per task. Each image becomes a task.',
}

/** One task for each of several images, or one for all. */
export function TaskChoice({ splits: { offered, why }, split, onSplit }: TaskChoiceProps) {
  if (offered.length === 0) return null
  if (offered.length === 1) return why === null ? null : <Help>{WHY[why]}</Help>
  return (
    <div>
      <Segmented
        label="Tasks"
        options={offered.map((value) => ({ value, label: LABELS[value] }))}
        value={split}
        onChange={onSplit}
      />
      <Help>{HELP[split]}</Help>
    </div>
  )
}

interface SettingsChoiceProps {
  readonly keeps: boolean
  readonly onKeeps: (keeps: boolean) => void
}

const SETTINGS = [
  { value: 'keep', label: 'Keep each task’s settings' },
  { value: 'same', label: 'Same settings for all' },
] as const

/** For tasks that are run again and had different settings. */
export const SettingsChoice = ({ keeps, onKeeps }: SettingsChoiceProps) => (
  <Segmented
    label="Settings of the tasks"
    options={SETTINGS}
    value={keeps ? 'keep' : 'same'}
    onChange={(next) => onKeeps(next === 'keep')}
  />
)

const Help = ({ children }: { readonly children: string }) => (
  <p role="status" className="mt-1.5 text-sm text-pretty text-muted">
    {children}
  </p>
)
