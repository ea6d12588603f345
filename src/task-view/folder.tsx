import { FolderDown, FolderX } from 'lucide-react'
import { askForFolder, canPickFolder, chosenFolder } from '../downloads/file-system.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toast.ts'

/** Picks the folder into which every file is saved. */
export const pickFolder = () =>
  void askForFolder().catch(() => toast({ text: 'The browser didn’t allow that folder.' }))

const stop = () => chosenFolder.set(null)

/** Menu item that picks the folder, or stops saving into it. */
export function FolderItem() {
  const folder = useStore(chosenFolder)
  if (folder !== null) {
    return (
      <MenuItem icon={FolderX} onSelect={stop}>
        Stop saving to <bdi>{folder.name}</bdi>
      </MenuItem>
    )
  }
  const can = canPickFolder()
  return (
    <MenuItem
      icon={FolderDown}
      disabled={!can}
      hint={can ? undefined : 'Chrome and Edge only'}
      onSelect={pickFolder}
    >
      Save into a folder…
    </MenuItem>
  )
}

/** Where files go, if into a folder. */
export function FolderNote() {
  const folder = useStore(chosenFolder)
  return folder === null ? null : (
    <p className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
      <FolderDown size={15} className="shrink-0" />
      <span className="truncate">
        Saving to <bdi className="text-ink">{folder.name}</bdi>
      </span>
      <Button look="quiet" onClick={stop}>
        Stop
      </Button>
    </p>
  )
}
