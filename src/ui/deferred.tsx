import { type ComponentType, lazy, type ReactNode, useEffect, useState } from 'react'
import { loadLater } from '../lib/load-later.ts'
import { Part, PartNotice } from './part.tsx'

/**
 * A component whose code loads when first rendered, or earlier through `load`. Unlike with
 * Suspense it is shown as soon as it arrives (React delays content after a fallback by 300 ms),
 * and if loading fails the rest of the page stays.
 */
export function deferred<P extends object>(
  fetchPart: () => Promise<ComponentType<P>>,
  Missing: ComponentType<P> = NotLoaded,
) {
  const fetched = loadLater(fetchPart)
  let Loaded: ComponentType<P> | null = null
  const load = async (): Promise<boolean> => {
    Loaded ??= await fetched()
    return Loaded !== null
  }
  function Deferred({ fallback = null, ...props }: P & { readonly fallback?: ReactNode }) {
    const [state, setState] = useState<'loading' | 'there' | 'missing'>('loading')
    useEffect(() => {
      void load().then((isThere) => setState(isThere ? 'there' : 'missing'))
    }, [])
    if (Loaded === null)
      return state === 'missing' ? <Missing {...(props as unknown as P)} /> : fallback
    return (
      <Part>
        <Loaded {...(props as unknown as P)} />
      </Part>
    )
  }
  return Object.assign(Deferred, { load })
}

/** Same for dialogs: a loading error is shown over the page, too. */
export const deferredDialog = <P extends object>(fetchPart: () => Promise<ComponentType<P>>) =>
  deferred(fetchPart, NoDialog)

/**
 * Same for a whole page: React keeps the previous one until it has loaded. With `load` before the
 * first render it is there at once.
 */
export function deferredPage<P extends object>(fetchPage: () => Promise<ComponentType<P>>) {
  const fetched = loadLater(fetchPage)
  let Loaded: ComponentType<P> | null = null
  const load = async (): Promise<ComponentType<P>> => {
    Loaded ??= await fetched()
    return Loaded ?? NoPage
  }
  const Lazy = lazy(async () => ({ default: await load() }))
  function Page(props: P) {
    // The same one as long as this page is shown.
    const [Shown] = useState<ComponentType<P>>(() => Loaded ?? Lazy)
    return <Shown {...props} />
  }
  return Object.assign(Page, { load })
}

/** Instead of code that is not missed: what matters reports its own failure. */
export const Nothing = () => <></>

export const NotLoaded = () => (
  <MissingCode>This section didn’t load. Nothing was lost.</MissingCode>
)

/** Reports code that could not be loaded, with a way to retry. */
export const MissingCode = ({ children }: { readonly children: ReactNode }) => (
  <PartNotice action="Reload" onAction={() => location.reload()}>
    {children}
  </PartNotice>
)

const NoDialog = () => (
  <div className="fixed inset-x-4 bottom-4 z-30 mx-auto max-w-md rounded-xl border border-line bg-surface px-4 shadow-lg">
    <NotLoaded />
  </div>
)

const NoPage = () => (
  <>
    <h1 className="mt-2 text-xl font-semibold tracking-tight">Couldn’t load this page</h1>
    <NotLoaded />
  </>
)
