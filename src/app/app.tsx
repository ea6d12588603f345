import { lazy, useEffect, useLayoutEffect } from 'react'
import { Route, Routes, useLocation, useMatch, useNavigate } from 'react-router'
import { deferred } from '../components/deferred.tsx'
import { stopAll } from '../files/under-way.ts'
import { routes } from '../lib/paths.ts'
import { SessionNotes } from '../pages/key/session-notes-part.ts'
import { TaskPage } from '../pages/task/task-page.tsx'
import type { ApiKey } from '../session/api-key.ts'
import { scrubAddress } from '../session/scrub-address.ts'
import { forgetKey, tell, useSession } from '../session/session.ts'
import { DownloadsElsewhere } from '../task-view/downloads-elsewhere.tsx'
import { Frame } from './frame.tsx'
import { cycleTheme, useThemeChoice } from './theme.ts'

// The task page is what links lead to, so it comes at once; the others when they are opened.
// The key page waits for other tabs' answers as it is, so not for React too (see deferred.tsx).
const KeyPage = deferred(async () => (await import('../pages/key/key-page.tsx')).KeyPage)
const NotFoundPage = lazy(async () => ({
  default: (await import('../pages/not-found/not-found-page.tsx')).NotFoundPage,
}))
const WatchListPage = lazy(async () => ({
  default: (await import('../pages/watch-list/watch-list-page.tsx')).WatchListPage,
}))
const NewTaskPage = lazy(async () => ({
  default: (await import('../pages/new-task/new-task-page.tsx')).NewTaskPage,
}))
const CreditsPage = lazy(async () => ({
  default: (await import('../pages/credits/credits-page.tsx')).CreditsPage,
}))
const SnapshotPage = lazy(async () => ({
  default: (await import('../pages/shared/snapshot-page.tsx')).SnapshotPage,
}))
const LivePage = lazy(async () => ({
  default: (await import('../pages/shared/live-page.tsx')).LivePage,
}))
const GalleryPage = lazy(async () => ({
  default: (await import('../pages/gallery/gallery-page.tsx')).GalleryPage,
}))

export function App() {
  const { key, notes } = useSession()
  const theme = useThemeChoice()
  const isList = useMatch(routes.home) !== null && key !== null
  // What was begun with a key ends with it.
  useEffect(() => (key === null ? undefined : stopAll), [key])
  if (useScrubbedAddress(key)) return null
  return (
    <Routes>
      <Route
        path={routes.gallery}
        // Nothing to show until it is there: with a fallback React would hold the page back for 300 ms.
        element={<GalleryPage frame={Frame} theme={theme} onTheme={cycleTheme} />}
      />
      <Route
        path="*"
        element={
          <Frame
            theme={theme}
            onTheme={cycleTheme}
            onForgetKey={key === null ? null : forgetKey}
            width={isList ? 'wide' : 'page'}
          >
            {notes.length > 0 ? <SessionNotes notes={notes} /> : null}
            <DownloadsElsewhere />
            <Routes>
              <Route
                path={routes.home}
                element={key === null ? <KeyPage /> : <WatchListPage apiKey={key} />}
              />
              <Route
                path={routes.credits}
                element={key === null ? <KeyPage /> : <CreditsPage apiKey={key} />}
              />
              <Route
                path={routes.newTask}
                element={key === null ? <KeyPage /> : <NewTaskPage apiKey={key} />}
              />
              <Route
                path={routes.task}
                element={key === null ? <KeyPage /> : <TaskPage apiKey={key} />}
              />
              <Route path={routes.snapshot} element={<SnapshotPage />} />
              <Route path={routes.live} element={<LivePage />} />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Frame>
        }
      />
    </Routes>
  )
}

/** True while an address is left that has a key in it: no page sees it, so nothing asks with it. */
function useScrubbedAddress(key: ApiKey | null): boolean {
  const location = useLocation()
  const navigate = useNavigate()
  const clean = scrubAddress(location, key)
  useLayoutEffect(() => {
    if (clean === null) return
    tell('in-address')
    navigate(clean, { replace: true, state: location.state })
  }, [clean, navigate, location])
  return clean !== null
}
