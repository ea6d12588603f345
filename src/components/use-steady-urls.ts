import { useCallback, useState } from 'react'
import { placeOf } from '../lib/place-of.ts'

export interface SteadyUrls {
  /** By which a picture is shown: the first URL of the same file under this name, or `newest` once that failed. */
  readonly of: (name: string, newest: string) => string
  /** It could not be loaded. */
  readonly onFailed: (url: string) => void
}

/**
 * Keeps to the URLs that pictures were loaded by. Each answer of the API may sign a file anew, and for the
 * browser that is another picture, to be fetched again.
 */
export function useSteadyUrls(): SteadyUrls {
  // By name; it only ever gains what is drawn anyway.
  const [kept] = useState(() => new Map<string, string>())
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set())
  const of = useCallback(
    (name: string, newest: string) => {
      const known = kept.get(name)
      if (known !== undefined && !failed.has(known) && placeOf(known) === placeOf(newest)) {
        return known
      }
      kept.set(name, newest)
      return newest
    },
    [kept, failed],
  )
  const onFailed = useCallback(
    (url: string) => setFailed((before) => (before.has(url) ? before : new Set(before).add(url))),
    [],
  )
  return { of, onFailed }
}
