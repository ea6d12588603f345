import { useEffect, useState } from 'react'
import { showBadge } from '../lib/browser/app-badge.ts'
import { formatNumber } from '../lib/format.ts'
import { useListFollower } from '../pages/task-list/list-follower.ts'
import type { ApiKey } from '../session/api-key.ts'
import { groupOf } from '../tasks/task-group.ts'
import { usePoller } from '../tasks/use-task.ts'
import { useTaskList } from '../tasks/use-task-list.ts'
import { deferredDialog } from '../ui/deferred.tsx'
import { HeaderTools, MoreMenu } from './header-tools.tsx'
import { KeyMenu } from './key-menu.tsx'
import { openDialog } from './open-dialog.ts'

const QuotaDialog = deferredDialog(
  async () => (await import('../dialogs/quota/quota-dialog.tsx')).QuotaDialog,
)

interface KeyToolsProps {
  readonly apiKey: ApiKey
}

export function TaskCount({ apiKey }: KeyToolsProps) {
  const { entries } = useTaskList(apiKey)
  return entries.size === 0 ? null : formatNumber(entries.size)
}

export function KeyTools({ apiKey }: KeyToolsProps) {
  const { entries } = useTaskList(apiKey)
  const { poller, state } = usePoller(apiKey)
  useListFollower(apiKey, poller)
  const [isQuotaOpen, setQuotaOpen] = useState(false)
  const { quota, paused, serverManaged, role } = state
  const { setPaused, setLimit } = poller
  const running = [...entries.values()].filter((entry) => groupOf(entry) === 'running').length
  useEffect(() => void showBadge(running), [running])
  return (
    <>
      <HeaderTools
        running={running}
        quota={quota}
        paused={paused}
        keyEnd={apiKey.slice(-4)}
        onSearch={() => openDialog.set('search')}
        onQuota={() => setQuotaOpen(true)}
        menu={<KeyMenu apiKey={apiKey} />}
      />
      {isQuotaOpen ? (
        <QuotaDialog
          polling={{ quota, paused, serverManaged, role, setPaused, setLimit }}
          onClose={() => setQuotaOpen(false)}
        />
      ) : null}
    </>
  )
}

export const KeyMore = ({ apiKey }: KeyToolsProps) => (
  <MoreMenu>
    <KeyMenu apiKey={apiKey} />
  </MoreMenu>
)
