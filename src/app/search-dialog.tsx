import { useNavigate } from 'react-router'
import { useStore } from '../lib/store.ts'
import type { ApiKey } from '../session/api-key.ts'
import { useSession } from '../session/session.ts'
import { savedViewsOf } from '../tasks/saved-views.ts'
import { useTaskList } from '../tasks/use-task-list.ts'
import { SearchPanel } from './search-panel.tsx'

interface SearchDialogProps {
  readonly onClose: () => void
}

/** Search over the list of this tab's key. */
export function SearchDialog({ onClose }: SearchDialogProps) {
  const { key } = useSession()
  return key === null ? null : <Search apiKey={key} onClose={onClose} />
}

function Search({ apiKey, onClose }: SearchDialogProps & { readonly apiKey: ApiKey }) {
  const { entries } = useTaskList(apiKey)
  const views = useStore(savedViewsOf(apiKey))
  const navigate = useNavigate()
  return (
    <SearchPanel
      entries={[...entries.values()]}
      views={views}
      onOpen={(path) => {
        onClose()
        navigate(path)
      }}
      onClose={onClose}
    />
  )
}
