import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { ApiKey } from '../../session/api-key.ts'
import { Fact } from '../../task-view/fact.tsx'
import { type Annotation, countLabels } from '../../tasks/annotation.ts'
import { loadListOf } from '../../tasks/record-store.ts'
import type { TaskList } from '../../tasks/task-list.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { IconButton } from '../../ui/button.tsx'
import { deferredDialog } from '../../ui/deferred.tsx'
import { Tag } from '../../ui/tag.tsx'

const LabelsDialog = deferredDialog(
  async () => (await import('../../dialogs/labels/labels-dialog.tsx')).LabelsDialog,
)

interface TaskLabelsProps {
  readonly apiKey: ApiKey
  readonly entry: TrackedTask
}

/** Labels and note of a task of the list, with the dialog to change them. */
export function TaskLabels({ apiKey, entry }: TaskLabelsProps) {
  const [list, setList] = useState<TaskList | null>(null)
  const edit = async () => {
    const opened = await loadListOf(apiKey)
    // For the labels of the other tasks.
    await opened?.load()
    setList(opened)
  }
  return (
    <>
      <LabelFacts annotation={entry.annotation} onEdit={() => void edit()} />
      {list === null ? null : (
        <LabelsDialog
          entries={[entry]}
          counts={countLabels([...list.state.get().entries.values()])}
          onSave={(change) => void list.annotate([entry.id], change)}
          onClose={() => setList(null)}
        />
      )}
    </>
  )
}

interface LabelFactsProps {
  readonly annotation: Annotation | null
  readonly onEdit: () => void
}

export function LabelFacts({ annotation, onEdit }: LabelFactsProps) {
  const { labels, note } = annotation ?? { labels: [], note: '' }
  return (
    <section aria-label="Labels and note" className="relative">
      <dl className="grid gap-y-2 pr-9">
        <Fact name="Labels">
          {labels.length === 0 ? (
            <span className="text-muted">None</span>
          ) : (
            <span className="flex flex-wrap gap-1">
              {labels.map((label) => (
                <Tag key={label}>{label}</Tag>
              ))}
            </span>
          )}
        </Fact>
        {note === '' ? null : (
          <Fact name="Note">
            <bdi className="block max-h-32 overflow-y-auto whitespace-pre-line">{note}</bdi>
          </Fact>
        )}
      </dl>
      <IconButton
        icon={Pencil}
        label="Edit labels and note"
        onClick={onEdit}
        className="absolute -top-2 right-0 pointer-coarse:-top-3 pointer-coarse:size-11"
      />
    </section>
  )
}
