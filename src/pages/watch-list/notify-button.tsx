import { Bell, BellOff, BellRing } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import type { Notifications } from './notify.ts'

/** The switch of the notifications; where the browser has denied them, why there is none. */
export function NotifyButton({ notifications }: { readonly notifications: Notifications }) {
  const { permission, ask } = notifications
  switch (permission) {
    case 'unsupported':
      return null
    case 'denied':
      return (
        <p className="inline-flex min-h-9 items-start gap-2 px-3 py-2 text-sm text-pretty text-muted">
          <BellOff aria-hidden size={15} className="mt-0.5 shrink-0" />
          Notifications are blocked for this site in the browser’s settings.
        </p>
      )
    case 'off':
    case 'on': {
      const on = permission === 'on'
      return (
        <Button
          look="quiet"
          role="switch"
          aria-checked={on}
          onClick={ask}
          title="When a task ends while this tab is in the background"
          icon={on ? <BellRing aria-hidden size={15} /> : <Bell aria-hidden size={15} />}
          className={on ? 'text-accent!' : ''}
        >
          Notifications <span aria-hidden>{on ? 'on' : 'off'}</span>
        </Button>
      )
    }
  }
}
