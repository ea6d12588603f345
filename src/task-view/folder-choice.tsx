import { FolderDown } from 'lucide-react'
import { canPickFolder, chosenFolder } from '../downloads/file-system.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { FolderNote, pickFolder } from './folder.tsx'

/** Picks a folder for files that are still to come. */
export function FolderChoice() {
  const folder = useStore(chosenFolder)
  if (folder !== null) return <FolderNote />
  return canPickFolder() ? (
    <Button icon={FolderDown} onClick={pickFolder}>
      Save into a folder…
    </Button>
  ) : null
}
