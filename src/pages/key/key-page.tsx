import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useMatch } from 'react-router'
import { showBadge } from '../../lib/browser/app-badge.ts'
import { routes } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import {
  mayHaveKeyElsewhere,
  rememberKey,
  sessionChannel,
  takeKey,
  useSession,
} from '../../session/session.ts'
import { requestKeyFromTabs } from '../../session/share-key-between-tabs.ts'
import { sandboxQuery } from '../sandbox-query.ts'
import { KeyScreen } from './key-screen.tsx'
import { SessionNotes } from './session-notes-part.ts'

/** Form for the API key; the requested page then opens automatically. */
export function KeyPage() {
  const taskId = useMatch(routes.task)?.params.taskId ?? null
  const { data: sandbox } = useQuery(sandboxQuery)
  const { forgotten } = useSession()
  const offers = useOffers(forgotten === null)
  const isForm = offers !== null
  useEffect(() => {
    if (isForm) void showBadge(0)
  }, [isForm])
  // Stays empty for a moment, as while loading: a form that flashes would be worse.
  if (!isForm) return null
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

/** Keys offered by other tabs; null while waiting for them, unless the user wants none or none has one. */
function useOffers(wanted: boolean): readonly ApiKey[] | null {
  const [offers, setOffers] = useState<readonly ApiKey[] | null>(() =>
    mayHaveKeyElsewhere() ? null : NO_OFFERS,
  )
  useEffect(() => {
    if (!wanted) return
    // A failure is shown where the part is rendered.
    void SessionNotes.load()
    return requestKeyFromTabs(sessionChannel, { onKey: takeKey, onOffers: setOffers })
  }, [wanted])
  return wanted ? offers : NO_OFFERS
}
