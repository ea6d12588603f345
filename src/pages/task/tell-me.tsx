import { Bell, BellRing } from 'lucide-react'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/button.tsx'
import { notifyEnd, useNotifications } from '../task-list/notify.ts'

/** Switch for a notification of the end, where the browser allows one. */
export function TellMe() {
  const { permission, toggle } = useNotifications()
  if (permission === 'unsupported') return null
  const on = permission === 'on'
  return (
    <Button
      role="switch"
      aria-checked={on}
      disabled={permission === 'denied'}
      title={
        permission === 'denied'
          ? 'Notifications are blocked in the browser’s settings'
          : 'While this tab is in the background'
      }
      onClick={toggle}
      icon={on ? BellRing : Bell}
      className={on ? 'text-accent!' : ''}
    >
      Tell me when it’s done
    </Button>
  )
}

interface EndNoticeProps {
  readonly taskId: string
  readonly title: string
  readonly status: string
}

/** Notifies of an end that came while the page was open. */
export function EndNotice({ taskId, title, status }: EndNoticeProps) {
  const navigate = useNavigate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, whatever its title becomes
  useEffect(() => {
    notifyEnd({ taskId, title, status }, () => void navigate(paths.task(taskId)))
  }, [taskId])
  return null
}
