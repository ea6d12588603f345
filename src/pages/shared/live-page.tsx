import { useParams } from 'react-router'
import { useSharedTask } from '../../polling/use-shared-task.ts'
import { LiveScreen } from './live-screen.tsx'

/** A task behind a live link, for somebody without a key. */
export function LivePage() {
  const token = useParams<'token'>().token ?? ''
  return <LiveScreen key={token} {...useSharedTask(token)} />
}
