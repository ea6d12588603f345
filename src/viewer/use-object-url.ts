import { useEffect, useState } from 'react'

/** An address for a file of this browser, for as long as it is shown; null before it has one. */
export function useObjectUrl(blob: Blob | null): string | null {
  const [made, setMade] = useState<{ readonly blob: Blob; readonly url: string } | null>(null)
  useEffect(() => {
    if (blob === null) return
    const url = URL.createObjectURL(blob)
    setMade({ blob, url })
    // What is not revoked is kept in memory until the page goes.
    return () => {
      URL.revokeObjectURL(url)
      setMade(null)
    }
  }, [blob])
  return made?.blob === blob ? (made?.url ?? null) : null
}
