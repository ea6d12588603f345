import { FolderDown, FolderX } from 'lucide-react'
import { useState } from 'react'
import { askForFolder, canPickFolder, chosenFolder } from '../downloads/file-system.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { MenuItem } from '../ui/menu.tsx'

/** The folder into which every file is saved, and its choice. */
export function useFolder() {
  const folder = useStore(chosenFolder)
  const [refused, setRefused] = useState(false)
  return {
    name: folder?.name ?? null,
    refused,
    pick: () =>
      void askForFolder().then(
        () => setRefused(false),
        () => setRefused(true),
      ),
    stop: () => chosenFolder.set(null),
  }
}

interface FolderProps {
  readonly folder: ReturnType<typeof useFolder>
}

/** Menu item that picks the folder. */
export function FolderItem({ folder }: FolderProps) {
  const can = canPickFolder()
  return (
    <MenuItem
      icon={FolderDown}
      disabled={!can}
      hint={can ? undefined : 'Chrome and Edge only'}
      onSelect={folder.pick}
    >
      Save into a folder…
    </MenuItem>
  )
}

/** Where files go, or why not. */
export function FolderNote({ folder }: FolderProps) {
  if (folder.name !== null) {
    return (
      <p className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
        <FolderDown size={15} className="shrink-0" />
        <span className="truncate">
          Saving to <bdi className="text-ink">{folder.name}</bdi>
        </span>
        <Button look="quiet" onClick={folder.stop}>
          Stop
        </Button>
      </p>
    )
  }
  return folder.refused ? (
    <p role="alert" className="flex items-center gap-1.5 text-xs text-bad">
      <FolderX size={14} />
      The browser didn’t allow that folder.
    </p>
  ) : null
}
