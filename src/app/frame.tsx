import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import type { FrameProps } from '../components/frame-props.ts'
import { isHidden } from '../lib/browser/elements.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Header, landmarkName, MAX_WIDTHS } from './header.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { useTheme } from './theme.ts'

/** What is around each page: the header, the focus at its start, the last net, the shortcuts. */
export function Frame({ theme, onTheme, onForgetKey, width = 'page', children }: FrameProps) {
  const { pathname } = useLocation()
  const [shortcuts, setShortcuts] = useState(false)
  const open = useCallback(() => setShortcuts(true), [])
  const main = useRef<HTMLElement>(null)
  const page = `${onForgetKey === null ? 'no key' : 'key'} ${pathname}`
  const shown = useRef(page)
  useTheme(theme)
  // What was clicked on the page before is gone with it; a reader should start at the new page.
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    const focused = document.activeElement
    // While the next page loads, the one before is hidden and not gone.
    if (focused === null || focused === document.body || isHidden(focused)) {
      main.current?.focus({ preventScroll: true })
    }
  }, [page])
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:m-2 focus:rounded-lg focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <Header
        theme={theme}
        onTheme={onTheme}
        onForgetKey={onForgetKey}
        onShortcuts={open}
        width={width}
      />
      <main
        ref={main}
        id="main"
        aria-label={landmarkName(width)}
        tabIndex={-1}
        className={`outline-none mx-auto px-4 sm:px-6 ${MAX_WIDTHS[width]} ${width === 'full' ? 'pb-4' : 'pt-3 pb-16'}`}
      >
        <ErrorBoundary key={pathname}>
          <Suspense>{children}</Suspense>
        </ErrorBoundary>
      </main>
      <Shortcuts
        open={shortcuts}
        onOpen={open}
        onClose={() => setShortcuts(false)}
        onTheme={onTheme}
      />
    </>
  )
}
