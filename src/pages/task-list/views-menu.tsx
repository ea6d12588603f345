import { Bookmark, BookmarkPlus, ChevronDown, Pencil } from 'lucide-react'
import type { SavedView } from '../../tasks/saved-views.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../ui/menu.tsx'

interface ViewsMenuProps {
  readonly views: readonly SavedView[]
  /** Parameters of the open view. */
  readonly query: string
  readonly onOpen: (view: SavedView) => void
  readonly onSave: () => void
  readonly onEdit: () => void
}

/** Saved views: opening one, saving the open one, changing them. */
export function ViewsMenu({ views, query, onOpen, onSave, onEdit }: ViewsMenuProps) {
  const isSaved = views.some((view) => view.query === query)
  return (
    <Menu
      label="Views"
      trigger={(menu) => (
        <Button {...menu} icon={Bookmark} aria-label="Views">
          <span className="max-sm:hidden">Views</span>
          <ChevronDown size={14} />
        </Button>
      )}
    >
      {views.map((view) => (
        <MenuChoice
          key={`${view.name} ${view.query}`}
          checked={view.query === query}
          onSelect={() => onOpen(view)}
        >
          <bdi className="block max-w-64 truncate" title={view.name}>
            {view.name}
          </bdi>
        </MenuChoice>
      ))}
      {views.length === 0 ? null : <MenuLine />}
      <MenuItem icon={BookmarkPlus} disabled={query === '' || isSaved} onSelect={onSave}>
        Save this view…
      </MenuItem>
      {views.length === 0 ? null : (
        <MenuItem icon={Pencil} onSelect={onEdit}>
          Edit views…
        </MenuItem>
      )}
    </Menu>
  )
}
