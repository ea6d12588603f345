import { Checkbox } from '../../ui/choice.tsx'
import { useNotifications } from '../task-list/notify.ts'

/** Switches notifications on where they are wanted most: while the user waits. */
export function NotifyChoice() {
  const { permission, toggle } = useNotifications()
  switch (permission) {
    case 'unsupported':
      return null
    case 'denied':
      return <p className="text-sm text-muted">Notifications are blocked in browser settings.</p>
    case 'off':
    case 'on':
      return (
        <Checkbox
          label="Tell me when they’re done"
          checked={permission === 'on'}
          onChange={toggle}
        />
      )
  }
}
