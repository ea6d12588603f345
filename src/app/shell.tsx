import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from 'react-router'
import { routes } from '../lib/paths.ts'
import { KeyScreen, NARROW_PICTURE } from '../pages/key/key-screen.tsx'
import { TaskSkeleton } from '../task-view/task-skeleton.tsx'
import { PageSkeleton } from '../ui/page-skeleton.tsx'
import { Frame } from './frame.tsx'

/*
 * Content of each route's HTML until its code has loaded: the frame, with the key page or a
 * skeleton. Rendered at build time (tools/first-paint.ts) by the same components as later, and
 * replaced by React's first render. before-paint.ts says which of it is visible.
 */

export type RouteName = keyof typeof routes

/** Routes that show the key page where there is no key. */
const NEEDS_KEY: ReadonlySet<RouteName> = new Set(['home', 'task', 'newTask', 'credits', 'sandbox'])

/** The picture that a route shows at first to a tab without a key. */
export const pictureOf = (name: RouteName) => (NEEDS_KEY.has(name) ? NARROW_PICTURE : null)

const SKELETONS: Partial<Record<RouteName, ReactNode>> = { task: <TaskSkeleton /> }

const ignore = () => {}

/** Static HTML of a route, for a tab without a key and for one with it. */
export function shellOf(name: RouteName): string {
  const skeleton = <div data-shell="skeleton">{SKELETONS[name] ?? <PageSkeleton />}</div>
  return (
    shellPart(name, false, NEEDS_KEY.has(name) ? <KeyForm isTask={name === 'task'} /> : skeleton) +
    shellPart(name, true, skeleton)
  )
}

const KeyForm = ({ isTask }: { readonly isTask: boolean }) => (
  <div data-shell="key-form">
    <KeyScreen
      taskId={isTask ? '…' : null}
      forgottenElsewhere={false}
      offers={[]}
      sandboxKey={null}
      onKey={ignore}
    />
  </div>
)

function shellPart(name: RouteName, hasKey: boolean, page: ReactNode): string {
  const html = renderToStaticMarkup(
    // Nothing here responds yet. aria-disabled, because browser tests do not know inert.
    <div data-shell={hasKey ? 'key' : 'no-key'} inert aria-disabled>
      <MemoryRouter initialEntries={[routes[name]]}>
        <Frame
          theme="system"
          onTheme={ignore}
          keyTools={hasKey ? { count: null, tools: null, more: null } : null}
        >
          {page}
        </Frame>
      </MemoryRouter>
    </div>,
    { identifierPrefix: hasKey ? 'k' : 'n' },
  )
  // React renders titles and preloads before everything else; the HTML has its own.
  return html.replace(/<title>.*?<\/title>|<link [^>]*>/g, '')
}
