import { lazy } from 'react'
import { Route, Routes } from 'react-router'
import { routes } from '../lib/paths.ts'
import { TaskPage } from '../pages/task/task-page.tsx'
import { forgetKey, useApiKey } from '../session/session.ts'
import { Frame } from './frame.tsx'
import { cycleTheme, useThemeChoice } from './theme.ts'

// The task page is what links lead to, so it comes at once; the others when they are opened.
const KeyPage = lazy(async () => ({
  default: (await import('../pages/key/key-page.tsx')).KeyPage,
}))
const NotFoundPage = lazy(async () => ({
  default: (await import('../pages/not-found/not-found-page.tsx')).NotFoundPage,
}))
const WatchListPage = lazy(async () => ({
  default: (await import('../pages/watch-list/watch-list-page.tsx')).WatchListPage,
}))
const GalleryPage = lazy(async () => ({
  default: (await import('../pages/gallery/gallery-page.tsx')).GalleryPage,
}))

export function App() {
  const key = useApiKey()
  const theme = useThemeChoice()
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
          <Frame theme={theme} onTheme={cycleTheme} onForgetKey={key === null ? null : forgetKey}>
            <Routes>
              <Route path={routes.home} element={key === null ? <KeyPage /> : <WatchListPage />} />
              <Route
                path={routes.task}
                element={key === null ? <KeyPage /> : <TaskPage apiKey={key} />}
              />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Frame>
        }
      />
    </Routes>
  )
}
