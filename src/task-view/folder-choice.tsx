import { FolderDown } from 'lucide-react'
import { canPickFolder } from '../downloads/file-system.ts'
import { Button } from '../ui/button.tsx'
import { FolderNote, useFolder } from './folder.tsx'

/** Picks a folder for files that are still to come. */
export function FolderChoice() {
  const folder = useFolder()
  if (!canPickFolder()) return null
  return (
    <>
      {folder.name === null ? (
        <Button icon={FolderDown} onClick={folder.pick}>
          Save into a folder…
        </Button>
      ) : null}
      <FolderNote folder={folder} />
    </>
  )
}
