import { useEffect, useState } from 'react'

/** URL of a local file while it is shown; null before there is one. */
export function useObjectUrl(blob: Blob | null): string | null {
  const [made, setMade] = useState<{ readonly blob: Blob; readonly url: string } | null>(null)
  useEffect(() => {
    if (blob === null) return
    const url = URL.createObjectURL(blob)
    setMade({ blob, url })
    // An unrevoked URL stays in memory until the page is left.
    return () => {
      URL.revokeObjectURL(url)
      setMade(null)
    }
  }, [blob])
  return made?.blob === blob ? (made?.url ?? null) : null
}
