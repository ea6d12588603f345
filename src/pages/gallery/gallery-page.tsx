import type { ComponentType } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { buttonClass } from '../../components/button.tsx'
import type { FrameProps } from '../../components/frame-props.ts'
import { paths } from '../../lib/paths.ts'
import { addressOf, readView, type View } from './address.ts'
import { ReplayPage } from './replay/replay-page.tsx'
import { Stage } from './stage.tsx'
import { STATE_NAMES, stateOf } from './states/states.ts'
import { Workbench } from './workbench.tsx'

interface GalleryPageProps extends Pick<FrameProps, 'theme' | 'onTheme'> {
  readonly frame: ComponentType<FrameProps>
}

/** The one address here that is no state. */
const REPLAY = 'replay'

/** The width in which a state is shown when none was chosen. */
const USUAL_WIDTH = 1280

/** Every state of the program at an address of its own. Asks nothing, needs no key. */
export function GalleryPage({ frame: Frame, theme, onTheme }: GalleryPageProps) {
  const name = useParams<'state'>().state ?? null
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const view = readView(params)
  const state = name === null ? null : stateOf(name)

  if (name !== null && state === null) {
    return (
      <Frame theme={theme} onTheme={onTheme} onForgetKey={null}>
        {name === REPLAY ? <ReplayPage /> : <NoState name={name} />}
      </Frame>
    )
  }
  if (name === null || state === null || view.width !== null) {
    const shown = { ...view, width: view.width ?? USUAL_WIDTH }
    return (
      <Frame theme={theme} onTheme={onTheme} onForgetKey={null} width="full">
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
          onForgetKey={state.keyGiven ? () => {} : null}
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
      <h1 className="text-xl font-semibold tracking-tight">The gallery has no such state</h1>
      <p className="mt-1 text-muted [overflow-wrap:anywhere]">
        None is called <bdi className="font-mono text-ink">{name}</bdi>.
      </p>
      <Link to={paths.gallery} className={`${buttonClass('primary')} mt-5`}>
        All states
      </Link>
    </div>
  )
}
