import type { ComponentType } from 'react'
import { useMatch, useNavigate, useSearchParams } from 'react-router'
import { media } from '../lib/browser/media.ts'
import { paths, routes } from '../lib/paths.ts'
import { useStore } from '../lib/store.ts'
import { buttonClass } from '../ui/button.tsx'
import type { FrameProps, KeyTools } from '../ui/frame-props.ts'
import { Link } from '../ui/link.tsx'
import { addressOf, readView, type View } from './address.ts'
import { ReplayPage } from './replay/replay-page.tsx'
import { Stage } from './stage.tsx'
import { STATE_NAMES, stateOf } from './states/states.ts'
import { Workbench } from './workbench.tsx'

interface GalleryPageProps extends Pick<FrameProps, 'theme' | 'onTheme'> {
  readonly frame: ComponentType<FrameProps>
  /** Samples, for the pages that have a key. */
  readonly keyTools: KeyTools
}

/** The one path here that is not a state. */
const REPLAY = 'replay'

/** Default width of a state: that of a laptop, or on a phone that of a phone. */
const USUAL_WIDTH = 1280
const PHONE_WIDTH = 390
const onPhone = media('(max-width: 640px)')

/** Every state of the app at its own URL. Sends no requests and needs no key. */
export function GalleryPage({ frame: Frame, keyTools, theme, onTheme }: GalleryPageProps) {
  const name = useMatch(routes.gallery)?.params.state ?? null
  const [params] = useSearchParams()
  const isPhone = useStore(onPhone)
  const navigate = useNavigate()
  const view = readView(params)
  const state = name === null ? null : stateOf(name)

  if (name !== null && state === null) {
    return (
      <Frame theme={theme} onTheme={onTheme} keyTools={null}>
        {name === REPLAY ? <ReplayPage /> : <NoState name={name} />}
      </Frame>
    )
  }
  if (name === null || state === null || view.width !== null) {
    const shown = { ...view, width: view.width ?? (isPhone ? PHONE_WIDTH : USUAL_WIDTH) }
    return (
      <Frame theme={theme} onTheme={onTheme} keyTools={null} width="full" page={paths.gallery}>
        <Workbench name={name ?? STATE_NAMES[0] ?? ''} view={shown} />
      </Frame>
    )
  }
  const otherTheme: View['theme'] = view.theme === 'dark' ? 'light' : 'dark'
  return (
    <Stage
      key={name}
      state={state}
      at={view.at}
      frame={(page) => (
        <Frame
          theme={view.theme}
          onTheme={() => navigate(addressOf(name, { ...view, theme: otherTheme }))}
          keyTools={state.keyGiven ? keyTools : null}
          width={state.width ?? 'page'}
        >
          {page}
        </Frame>
      )}
    />
  )
}

function NoState({ name }: { readonly name: string }) {
  return (
    <div className="pt-10">
      <title>No such state · Loupe</title>
      <h1 className="text-xl font-semibold tracking-tight">No such state</h1>
      <p className="mt-1 text-muted [overflow-wrap:anywhere]">
        The gallery has no <bdi className="font-mono text-ink">{name}</bdi>.
      </p>
      <Link to={paths.gallery} className={`${buttonClass('primary')} mt-5`}>
        All states
      </Link>
    </div>
  )
}
