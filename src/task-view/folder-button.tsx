import { FolderDown, FolderX } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { Button } from '../components/button.tsx'
import { canPickFolder } from '../files/disk.ts'
import {
  askForFolder,
  chooseFolder,
  chosenFolder,
  subscribeToFolder,
} from '../files/folder-choice.ts'

/** Picks the folder that every file then lands in by itself. */
export function FolderButton() {
  const folder = useSyncExternalStore(subscribeToFolder, chosenFolder, chosenFolder)
  const [refused, setRefused] = useState(false)
  if (!canPickFolder()) {
    return (
      <p className="text-xs text-muted">
        This browser cannot save into a folder by itself; Chrome and Edge can.
      </p>
    )
  }
  if (folder !== null) {
    return (
      <span className="flex min-w-0 items-center gap-1 text-sm text-muted">
        <FolderDown aria-hidden size={15} className="shrink-0 text-good" />
        <span className="truncate">
          Files go into <bdi className="text-ink">{folder.name}</bdi>
        </span>
        <Button look="quiet" onClick={() => chooseFolder(null)}>
          Stop
        </Button>
      </span>
    )
  }
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Button
        icon={<FolderDown aria-hidden size={15} />}
        onClick={() =>
          askForFolder().then(
            () => setRefused(false),
            () => setRefused(true),
          )
        }
      >
        Save into a folder
      </Button>
      {refused ? (
        <span role="alert" className="flex items-center gap-1 text-xs text-bad">
          <FolderX aria-hidden size={14} />
          The browser did not allow that folder.
        </span>
      ) : null}
    </span>
  )
}
