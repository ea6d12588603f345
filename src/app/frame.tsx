import { Suspense, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { isHidden } from '../lib/browser/elements.ts'
import { Button } from '../ui/button.tsx'
import { deferred, Nothing } from '../ui/deferred.tsx'
import type { FrameProps } from '../ui/frame-props.ts'
import { Notice } from '../ui/notice.tsx'
import { Part } from '../ui/part.tsx'
import { BottomBar, Header, landmarkName, MAX_WIDTHS } from './header.tsx'
import { useTheme } from './theme.ts'

// All loaded at once, before they are needed: without a server no code can be loaded either.
const Toasts = deferred(async () => (await import('../ui/toasts.tsx')).Toasts, Nothing)
const OutageBanner = deferred(
  async () => (await import('./outage-banner.tsx')).OutageBanner,
  Nothing,
)
const Shortcuts = deferred(async () => (await import('./shortcuts.tsx')).Shortcuts, Nothing)

/** Frame of each page: header, initial focus, error boundary, shortcuts. */
export function Frame(props: FrameProps) {
  const { pathname } = useLocation()
  const { theme, onTheme, keyTools, width = 'page', page = pathname, children } = props
  const main = useRef<HTMLElement>(null)
  const view = `${keyTools === null ? 'no key' : 'key'} ${page}`
  const shown = useRef(view)
  useTheme(theme)
  // The clicked element is gone with the previous page; screen readers should start at the new
  // one.
  useEffect(() => {
    if (shown.current === view) return
    shown.current = view
    const focused = document.activeElement
    // While the next page loads, the previous one is hidden but still there.
    if (focused === null || focused === document.body || isHidden(focused)) {
      main.current?.focus({ preventScroll: true })
    }
  }, [view])
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:m-2 focus:rounded-lg focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <Part>
        <Header theme={theme} onTheme={onTheme} keyTools={keyTools} width={width} />
      </Part>
      <OutageBanner />
      <main
        ref={main}
        id="main"
        aria-label={landmarkName(width)}
        tabIndex={-1}
        className={`outline-none mx-auto px-4 sm:px-6 ${MAX_WIDTHS[width]} ${width === 'full' ? 'pb-4' : 'pt-3 pb-[calc(4rem+var(--bottom-bar,0px))]'}`}
      >
        <Part key={page} failed={noPage}>
          <Suspense>{children}</Suspense>
        </Part>
      </main>
      {keyTools === null ? null : (
        <Part>
          <BottomBar more={keyTools.more} />
        </Part>
      )}
      <Toasts />
      <Shortcuts keyed={keyTools !== null} onTheme={onTheme} />
    </>
  )
}

/** Last error boundary: a rendering error must not look like a failed task. */
const noPage = (retry: () => void) => (
  <>
    <h1 className="sr-only">Error</h1>
    <Notice
      tone="bad"
      title="Something went wrong in Loupe"
      action={
        <>
          <Button onClick={retry}>Retry</Button>
          <Button onClick={() => location.reload()}>Reload</Button>
        </>
      }
    >
      <p>
        This page couldn’t be displayed. Your tasks, credits and files are safe, and your key is
        still in this tab.
      </p>
    </Notice>
  </>
)
