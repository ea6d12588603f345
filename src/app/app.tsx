import { type ComponentType, useEffect, useLayoutEffect } from 'react'
import { matchPath, useLocation, useNavigate } from 'react-router'
import { loadLater } from '../lib/load-later.ts'
import { routes } from '../lib/paths.ts'
import { useStore } from '../lib/store.ts'
import { SessionNotes } from '../pages/key/session-notes-part.ts'
import { TaskPage } from '../pages/task/task-page.tsx'
import type { ApiKey } from '../session/api-key.ts'
import { currentKey, dismiss, tell, useSession } from '../session/session.ts'
import { stripKeyFromUrl } from '../session/strip-key-from-url.ts'
import { storeMissing } from '../tasks/record-store.ts'
import { Button } from '../ui/button.tsx'
import { deferred, deferredPage, MissingCode, Nothing } from '../ui/deferred.tsx'
import { Frame } from './frame.tsx'
import { cycleTheme, themeChoice } from './theme.ts'

/** Pages whose code loads on its own have `load`. */
type Page<P> = ComponentType<P> & { readonly load?: () => Promise<unknown> }

// Links lead to the task page, so it is in the first load; the others load when opened. The key
// page may wait for other tabs, so it should not wait for React, too (see deferred.tsx).
const KeyPage = deferred(async () => (await import('../pages/key/key-page.tsx')).KeyPage)
// It waits for images, which nobody drops in the first moment.
const ImagesAnywhere = deferred(
  async () => (await import('../pages/new-task/images-anywhere.tsx')).ImagesAnywhere,
)
const DownloadsElsewhere = deferred(
  async () => (await import('../task-view/downloads-elsewhere.tsx')).DownloadsElsewhere,
  Nothing,
)
const UpdateNotice = deferred(
  async () => (await import('./update-notice.tsx')).UpdateNotice,
  Nothing,
)
const inProgress = loadLater(() => import('../downloads/in-progress.ts'))
const stopDownloads = () => void inProgress().then((downloads) => downloads?.stopAll())

type RouteName = keyof typeof routes

/** Pages that need a key. */
const KEY_PAGES: Partial<Record<RouteName, Page<{ readonly apiKey: ApiKey }>>> = {
  home: deferredPage(
    async () => (await import('../pages/task-list/task-list-page.tsx')).TaskListPage,
  ),
  credits: deferredPage(
    async () => (await import('../pages/credits/credits-page.tsx')).CreditsPage,
  ),
  newTask: deferredPage(
    async () => (await import('../pages/new-task/new-task-page.tsx')).NewTaskPage,
  ),
  sandbox: deferredPage(
    async () => (await import('../pages/sandbox/sandbox-page.tsx')).SandboxPage,
  ),
  task: TaskPage,
}

/** Pages that need no key. */
const OPEN_PAGES: Partial<Record<RouteName, Page<object>>> = {
  snapshot: deferredPage(
    async () => (await import('../pages/shared/snapshot-page.tsx')).SnapshotPage,
  ),
  live: deferredPage(async () => (await import('../pages/shared/live-page.tsx')).LivePage),
}

const NotFoundPage = deferredPage(
  async () => (await import('../pages/not-found/not-found-page.tsx')).NotFoundPage,
)
const GalleryRoute = deferredPage(async () => (await import('./gallery-route.tsx')).GalleryRoute)

const NoTools = () => (
  <>
    <span role="alert" className="text-sm text-muted">
      The menu didn’t load.
    </span>
    <Button onClick={() => location.reload()}>Reload</Button>
  </>
)
const TaskCount = deferred(async () => (await import('./key-tools.tsx')).TaskCount, Nothing)
const KeyTools = deferred(async () => (await import('./key-tools.tsx')).KeyTools, NoTools)
const KeyMore = deferred(async () => (await import('./key-tools.tsx')).KeyMore, Nothing)

const keyTools = (apiKey: ApiKey) => ({
  count: <TaskCount apiKey={apiKey} />,
  tools: <KeyTools key={apiKey} apiKey={apiKey} />,
  more: <KeyMore apiKey={apiKey} />,
})

const NAMES = Object.keys(routes) as RouteName[]

// React Router's own Routes can nest, rank and load, which would burden every page.
const routeOf = (pathname: string): RouteName | undefined =>
  NAMES.find((name) => matchPath(routes[name], pathname) !== null)

/** Loads the code of the first page, so that the first render shows it. */
export async function loadPage(pathname: string): Promise<void> {
  const name = routeOf(pathname)
  if (name === 'gallery') return void (await GalleryRoute.load())
  const keyed = name && KEY_PAGES[name]
  const page: { readonly load?: () => Promise<unknown> } =
    keyed === undefined
      ? ((name && OPEN_PAGES[name]) ?? NotFoundPage)
      : currentKey() === null
        ? KeyPage
        : keyed
  await page.load?.()
}

export function App() {
  const { key, notes } = useSession()
  const theme = useStore(themeChoice)
  const isStoreMissing = useStore(storeMissing)
  const { pathname } = useLocation()
  // Downloads that were started with a key stop with it.
  useEffect(() => (key === null ? undefined : stopDownloads), [key])
  const name = routeOf(pathname)
  // So that the page is there when its key has been entered.
  useEffect(() => void (key === null && name && KEY_PAGES[name]?.load?.()), [key, name])
  if (useScrubbedUrl(key)) return null
  if (name === 'gallery') {
    // Renders nothing until loaded: after a fallback React would delay the page by 300 ms.
    return <GalleryRoute theme={theme} onTheme={cycleTheme} />
  }
  const KeyedPage = name && KEY_PAGES[name]
  const Page = (name && OPEN_PAGES[name]) ?? NotFoundPage
  return (
    <Frame
      theme={theme}
      onTheme={cycleTheme}
      keyTools={key === null || (name && OPEN_PAGES[name]) ? null : keyTools(key)}
    >
      {isStoreMissing ? (
        <MissingCode>Part of Loupe didn’t load, so results aren’t saved here.</MissingCode>
      ) : null}
      {notes.includes('in-address') ? (
        <SessionNotes onDismiss={() => dismiss('in-address')} />
      ) : null}
      <UpdateNotice />
      <DownloadsElsewhere />
      {key === null || KeyedPage === undefined || name === 'newTask' ? null : (
        <ImagesAnywhere apiKey={key} />
      )}
      {KeyedPage === undefined ? <Page /> : key === null ? <KeyPage /> : <KeyedPage apiKey={key} />}
    </Frame>
  )
}

/** True while a key is being removed from the URL: no page sees it, so no request uses it. */
function useScrubbedUrl(key: ApiKey | null): boolean {
  const location = useLocation()
  const navigate = useNavigate()
  const clean = stripKeyFromUrl(location, key)
  useLayoutEffect(() => {
    if (clean === null) return
    tell('in-address')
    navigate(clean, { replace: true, state: location.state })
  }, [clean, navigate, location])
  return clean !== null
}
