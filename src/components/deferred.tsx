import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { Button } from './button.tsx'

/**
 * A part whose code is loaded when it is first drawn, or before that by `load`. Unlike under Suspense,
 * it is drawn the moment it has come (React holds what follows a fallback back for 300 ms), and where
 * it cannot come (offline, a newer release on the server) the rest of the page stays.
 */
export function deferred<P extends object>(fetchPart: () => Promise<ComponentType<P>>) {
  let Part: ComponentType<P> | null = null
  const load = async () => {
    Part ??= await fetchPart()
  }
  function Deferred({ fallback = null, ...props }: P & { readonly fallback?: ReactNode }) {
    const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading')
    useEffect(() => {
      load().then(
        () => setState('there'),
        () => setState('failed'),
      )
    }, [])
    if (Part !== null) return <Part {...(props as unknown as P)} />
    return state === 'failed' ? <Failed /> : fallback
  }
  return Object.assign(Deferred, { load })
}

/** A browser does not fetch a module again that once failed (crbug.com/1195405). */
function Failed() {
  return (
    <div role="alert" className="my-3 flex flex-wrap items-center gap-3 text-sm text-muted">
      This part could not be loaded. Nothing is lost.
      <Button onClick={() => location.reload()}>Load the page again</Button>
    </div>
  )
}
