import { ChevronDown, Ellipsis, FileDown, FileSpreadsheet, Hash, Share2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'

export interface ListHeaderProps {
  /** Menu of the saved views. */
  readonly views: ReactNode
  readonly onAddById: () => void
  readonly onShareAll: () => void
  readonly onExportList: () => void
  readonly onExportCsv: () => void
}

/** Title, and what concerns the whole list. On a phone all of it is in one menu. */
export function ListHeader(props: ListHeaderProps) {
  const { onAddById, onShareAll } = props
  return (
    <div className="flex min-h-9 items-center gap-1.5">
      <h1 className="mr-auto text-xl font-semibold tracking-tight">Tasks</h1>
      {props.views}
      <div className="flex gap-1.5 max-sm:hidden">
        <Button icon={Hash} onClick={onAddById}>
          Add by ID
        </Button>
        <Menu
          label="Export"
          trigger={(menu) => (
            <Button {...menu} icon={FileDown}>
              Export
              <ChevronDown size={14} />
            </Button>
          )}
        >
          <ExportItems {...props} />
        </Menu>
        <Button icon={Share2} onClick={onShareAll}>
          Share list
        </Button>
      </div>
      <div className="contents sm:hidden">
        <Menu
          label="List"
          trigger={(menu) => <IconButton {...menu} icon={Ellipsis} label="List actions" />}
        >
          <MenuItem icon={Hash} onSelect={onAddById}>
            Add by ID
          </MenuItem>
          <MenuItem icon={Share2} onSelect={onShareAll}>
            Share list
          </MenuItem>
          <MenuLine />
          <ExportItems {...props} />
        </Menu>
      </div>
    </div>
  )
}

const ExportItems = ({ onExportList, onExportCsv }: ListHeaderProps) => (
  <>
    <MenuItem icon={FileDown} hint="JSON" onSelect={onExportList}>
      Export list
    </MenuItem>
    <MenuItem icon={FileSpreadsheet} hint="CSV" onSelect={onExportCsv}>
      Export credits
    </MenuItem>
  </>
)
