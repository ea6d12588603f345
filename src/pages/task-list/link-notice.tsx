import { ListPlus } from 'lucide-react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { plural } from '../../lib/format.ts'
import { NOTHING_PASTED } from '../../tasks/parse-paste.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasteReview } from './paste-review.tsx'

interface LinkNoticeProps {
  readonly ids: readonly TaskId[]
  readonly has: (id: TaskId) => boolean
  readonly onAdd: () => void
  readonly onCancel: () => void
}

/** Tasks of a list link that was opened, before any request. */
export function LinkNotice({ ids, has, onAdd, onCancel }: LinkNoticeProps) {
  const fresh = ids.filter((id) => !has(id)).length
  return (
    <Notice
      tone="info"
      title={`This link lists ${plural(ids.length, 'task')}`}
      action={
        <>
          {fresh === 0 ? null : (
            <Button look="primary" onClick={onAdd} icon={ListPlus}>
              Add {plural(fresh, 'task')}
            </Button>
          )}
          <Button onClick={onCancel}>{fresh === 0 ? 'Dismiss' : 'Cancel'}</Button>
        </>
      }
    >
      <PasteReview pasted={{ ...NOTHING_PASTED, ids }} has={has} />
    </Notice>
  )
}
