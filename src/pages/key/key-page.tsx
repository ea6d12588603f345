import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useMatch } from 'react-router'
import { routes } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { askOtherTabs } from '../../session/hand-over.ts'
import { rememberKey, sessionChannel, takeKey, useSession } from '../../session/session.ts'
import { sandboxQuery } from '../sandbox-query.ts'
import { KeyScreen } from './key-screen.tsx'
import { SessionNotes } from './session-notes-part.ts'

/** Asks for the API key; whatever page was asked for comes up by itself once there is one. */
export function KeyPage() {
  const taskId = useMatch(routes.task)?.params.taskId ?? null
  const { data: sandbox } = useQuery(sandboxQuery)
  const { forgotten } = useSession()
  const offers = useOffers(forgotten === null)
  // For a moment the page stays empty, as while it loads: a form that comes and goes would be worse.
  if (offers === null) return null
  return (
    <KeyScreen
      taskId={taskId}
      forgottenElsewhere={forgotten === 'elsewhere'}
      offers={offers}
      sandboxKey={sandbox?.key ?? null}
      onKey={rememberKey}
    />
  )
}

const NO_OFFERS: readonly ApiKey[] = []

/** Keys of other tabs, to be chosen from; null while they are asked, unless a person wants none. */
function useOffers(wanted: boolean): readonly ApiKey[] | null {
  const [offers, setOffers] = useState<readonly ApiKey[] | null>(null)
  useEffect(() => {
    if (!wanted) return
    // A failure shows where the part is drawn.
    SessionNotes.load().catch(() => {})
    return askOtherTabs(sessionChannel, { onKey: takeKey, onOffers: setOffers })
  }, [wanted])
  return wanted ? offers : NO_OFFERS
}
