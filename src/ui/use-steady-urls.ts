import { useCallback, useState } from 'react'
import { placeOf } from '../../core/lib/link-path.ts'

/**
 * Keeps the URLs by which images were loaded. Each API response may sign a file with a new URL,
 * which the browser would fetch again as another image.
 */
export function useSteadyUrls() {
  // By name; it only gains images that are rendered anyway.
  const [kept] = useState(() => new Map<string, string>())
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set())
  /** First URL of the same file under this name, or `newest` once that failed. */
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
  /** Call it when the image could not be loaded. */
  const onFailed = useCallback(
    (url: string) => setFailed((before) => (before.has(url) ? before : new Set(before).add(url))),
    [],
  )
  return { of, onFailed }
}
