import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router'
import { routes } from '../lib/paths.ts'
import { TaskPage } from '../pages/task/task-page.tsx'
import { useApiKey } from '../session/session.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Header } from './header.tsx'
import { Shortcuts } from './shortcuts.tsx'

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

export function App() {
  const key = useApiKey()
  const { pathname } = useLocation()
  const [shortcuts, setShortcuts] = useState(false)
  const open = useCallback(() => setShortcuts(true), [])
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  // A click on a link of the page leaves the focus on what is gone; a reader should start at the new page.
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:m-2 focus:rounded-lg focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <Header onShortcuts={open} />
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className="outline-none mx-auto max-w-5xl px-4 pt-3 pb-16 sm:px-6"
      >
        <ErrorBoundary key={pathname}>
          <Suspense>
            <Routes>
              <Route path={routes.home} element={key === null ? <KeyPage /> : <WatchListPage />} />
              <Route
                path={routes.task}
                element={key === null ? <KeyPage /> : <TaskPage apiKey={key} />}
              />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Shortcuts open={shortcuts} onOpen={open} onClose={() => setShortcuts(false)} />
    </>
  )
}
