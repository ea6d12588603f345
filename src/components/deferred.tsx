import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

/**
 * A part whose code is loaded when it is first drawn, or before that by `load`. Under Suspense, React
 * holds back for 300 ms whatever follows a fallback; here it is drawn the moment it has come.
 */
export function deferred<P extends object>(fetchPart: () => Promise<ComponentType<P>>) {
  let Part: ComponentType<P> | null = null
  const load = async () => {
    Part ??= await fetchPart()
    return Part
  }
  function Deferred({ fallback, ...props }: P & { readonly fallback: ReactNode }) {
    const [, setLoaded] = useState<ComponentType<P> | null>(() => Part)
    useEffect(() => {
      load().then(
        (loaded) => setLoaded(() => loaded),
        // For the error boundary around it.
        (error) =>
          setLoaded(() => {
            throw error
          }),
      )
    }, [])
    return Part === null ? fallback : <Part {...(props as unknown as P)} />
  }
  return Object.assign(Deferred, { load })
}
