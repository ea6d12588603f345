import { useMatch } from 'react-router'
import { routes } from '../../lib/paths.ts'
import { useLiveView } from '../../shared-view/use-live-view.ts'
import { LiveScreen } from './live-screen.tsx'

/** A task behind a live link, for viewers without a key. */
export function LivePage() {
  const token = useMatch(routes.live)?.params.token ?? ''
  return <LiveScreen key={token} {...useLiveView(token)} />
}
