import { Link } from 'react-router'
import { Button, buttonClass } from '../../components/button.tsx'
import { plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { Item, ItemState } from '../../starting/item.ts'
import type { Unread } from '../../starting/read-addresses.ts'
import type { StartSettings } from '../../upscayl/start-task.ts'
import { BackLink } from '../task/back-link.tsx'
import { ImageDrop } from './image-drop.tsx'
import { type ItemActions, ItemRow } from './item-row.tsx'
import { StartSettingsForm } from './start-settings.tsx'
import { sumWords } from './start-words.ts'

export interface NewTaskScreenProps extends ItemActions {
  readonly items: readonly Item[]
  /** Files that were added before, and left out. */
  readonly doubles: number
  readonly settings: StartSettings
  readonly onSettings: (settings: StartSettings) => void
  readonly onFiles: (files: readonly File[]) => void
  readonly onAddresses: (text: string) => readonly Unread[]
  readonly onStart: () => void
  /** Starts that the hour has left; null: no limit. */
  readonly left: number | null
}

const UNDER_WAY: ReadonlySet<ItemState['kind']> = new Set(['checking', 'waiting', 'sending'])

/** From images to tasks. */
export function NewTaskScreen(props: NewTaskScreenProps) {
  const { items, doubles, settings, onSettings, onFiles, onAddresses, onStart, left } = props
  const { onCancel, onRetry, onRemove } = props
  const ready = items.filter(({ state }) => state.kind === 'ready').length
  const started = items.filter(({ state }) => state.kind === 'started').length
  const checking = items.some(({ state }) => state.kind === 'checking')
  const busy = items.some(({ state }) => UNDER_WAY.has(state.kind))
  const over = started > 0 && !busy && ready === 0
  return (
    <>
      <title>New task · Loupe</title>
      <BackLink />
      <h1 className="mt-1 mb-5 text-xl font-semibold tracking-tight">New task</h1>
      <div className="@container">
        <div className="grid grid-cols-1 items-start gap-4 @3xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="grid min-w-0 gap-4">
            <ImageDrop onFiles={onFiles} onAddresses={onAddresses} />
            {items.length === 0 ? null : (
              <ul
                aria-label="Images"
                className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
              >
                {items.map((item) => (
                  <ItemRow
                    key={item.id}
                    item={item}
                    onCancel={onCancel}
                    onRetry={onRetry}
                    onRemove={onRemove}
                  />
                ))}
              </ul>
            )}
            {doubles === 0 ? null : (
              <p className="text-sm text-muted">
                {plural(doubles, 'file')} here already, and not added again.
              </p>
            )}
          </div>
          <div className="grid min-w-0 gap-4 @3xl:sticky @3xl:top-4">
            <StartSettingsForm settings={settings} onSettings={onSettings} />
            <div>
              {over ? (
                <Link to={paths.home} className={`${buttonClass('primary')} min-h-11 w-full`}>
                  Go to the list
                </Link>
              ) : (
                <Button
                  look="primary"
                  className="min-h-11 w-full"
                  disabled={ready === 0 || checking}
                  onClick={onStart}
                >
                  {ready === 0 ? 'Start' : `Start ${plural(ready, 'task')}`}
                </Button>
              )}
              <p role="status" className="mt-2 min-h-5 text-sm text-pretty text-muted">
                {sumWords(items)}
              </p>
              <p className="text-sm text-pretty text-muted">
                {left === null
                  ? 'Credits are deducted when a task is done.'
                  : `${left} of the hour’s starts left. Credits are deducted when a task is done.`}
              </p>
            </div>
          </div>
        </div>
      </div>
    </>
  )
}
