import { Segmented } from '../../ui/choice.tsx'
import type { Upload } from '../../uploads/upload.ts'

/** Whether images can become one task. none: there are not several. */
export type Grouping = 'none' | 'possible' | 'mixed' | 'single-only'

export function groupingOf(ready: readonly Upload[], singleOnly: boolean): Grouping {
  if (ready.length < 2) return 'none'
  if (singleOnly) return 'single-only'
  const kinds = new Set(ready.map(({ source }) => source.kind))
  return kinds.size === 1 ? 'possible' : 'mixed'
}

interface TaskChoiceProps {
  readonly grouping: Grouping
  readonly isGroup: boolean
  readonly onGroup: (isGroup: boolean) => void
}

const OPTIONS = [
  { value: 'each', label: 'One task each' },
  { value: 'all', label: 'One task for all' },
] as const

/** What it means for names, failures and credits. */
const HELP = {
  each: 'Each image has its own name, status and credits. One can fail alone.',
  all: 'Named after the first image, credits deducted once. If one upload fails, none start.',
}

/** One task for each of several images, or one for all. */
export function TaskChoice({ grouping, isGroup, onGroup }: TaskChoiceProps) {
  const chosen = isGroup ? 'all' : 'each'
  switch (grouping) {
    case 'none':
      return null
    case 'possible':
      return (
        <div>
          <Segmented
            label="Tasks"
            options={OPTIONS}
            value={chosen}
            onChange={(next) => onGroup(next === 'all')}
          />
          <Help>{HELP[chosen]}</Help>
        </div>
      )
    case 'mixed':
      return <Help>One task takes files or URLs, not both. Each image becomes a task.</Help>
    case 'single-only':
      return <Help>This API takes one image per task. Each image becomes a task.</Help>
  }
}

const Help = ({ children }: { readonly children: string }) => (
  <p role="status" className="mt-1.5 text-sm text-pretty text-muted">
    {children}
  </p>
)
