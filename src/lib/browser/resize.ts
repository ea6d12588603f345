// Parts of other makers look for it by its name, and know what to do where there is none, but not where
// there is one that throws.
try {
  const trial = new ResizeObserver(() => {})
  trial.observe(document.documentElement)
  trial.disconnect()
} catch {
  Object.defineProperty(globalThis, 'ResizeObserver', { value: undefined, configurable: true })
}

/** Calls back once, and when one of them has another size; without an observer, when the window has. */
export function onResize(elements: readonly Element[], resized: () => void): () => void {
  try {
    const observer = new ResizeObserver(resized)
    for (const element of elements) observer.observe(element)
    return () => observer.disconnect()
  } catch {
    resized()
    addEventListener('resize', resized)
    return () => removeEventListener('resize', resized)
  }
}
