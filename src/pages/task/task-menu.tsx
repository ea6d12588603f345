import { Copy, Ellipsis, FileDown, ImageUp, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { RecordedResponse } from '../../../core/api/recording.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { RecordingDialog, saveRecording } from '../../dialogs/recording/recorder.tsx'
import { copyText } from '../../lib/browser/sharing.ts'
import { useReading } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { noChecksText } from '../../tasks/no-checks.ts'
import type { FollowedTask } from '../../tasks/use-task.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.ts'
import { hasInput, takeResult } from './take-result.ts'

interface TaskMenuProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
  readonly following: FollowedTask
}

/** Less frequent actions on a task. */
export function TaskMenu({ apiKey, taskId, following }: TaskMenuProps) {
  const [shown, setShown] = useState<readonly RecordedResponse[] | null>(null)
  const copy = async () =>
    toast({ text: (await copyText(taskId)) ? 'ID copied' : 'The browser didn’t allow copying' })
  const noChecks = useReading(noChecksText, following.quota)
  const navigate = useNavigate()
  const [isTaking, setTaking] = useState(false)
  const upscaleResult = async () => {
    if (isTaking) return
    setTaking(true)
    const { pathname } = location
    const isTaken = await takeResult(taskId, following.record)
    setTaking(false)
    // Meanwhile the user may be on another page.
    if (isTaken && location.pathname === pathname) navigate(paths.newTask)
  }
  return (
    <>
      <Menu
        trigger={(trigger) => (
          <IconButton
            {...trigger}
            icon={Ellipsis}
            label="More actions"
            className="pointer-coarse:size-11"
          />
        )}
      >
        <MenuItem
          icon={RefreshCw}
          hint={noChecks === null ? 'Uses 1 check' : undefined}
          disabled={noChecks !== null}
          onSelect={following.checkNow}
        >
          {noChecks ?? 'Check now'}
        </MenuItem>
        {hasInput(following.record) ? (
          <MenuItem icon={ImageUp} onSelect={() => void upscaleResult()}>
            Use as input
          </MenuItem>
        ) : null}
        <MenuItem icon={Copy} onSelect={() => void copy()}>
          Copy ID
        </MenuItem>
        <MenuItem icon={FileDown} onSelect={() => setShown(following.responses())}>
          Export debug log…
        </MenuItem>
      </Menu>
      {shown === null ? null : (
        <RecordingDialog
          responses={shown}
          onSave={() => saveRecording(shown, apiKey, taskId)}
          onClose={() => setShown(null)}
        />
      )}
    </>
  )
}
