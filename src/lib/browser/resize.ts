// Libraries look for ResizeObserver by name and cope if it is missing, but not if it throws.
try {
  const probe = new ResizeObserver(() => {})
  probe.observe(document.documentElement)
  probe.disconnect()
} catch {
  Object.defineProperty(globalThis, 'ResizeObserver', { value: undefined, configurable: true })
}

/** Calls back once and on each resize of an element; without an observer, of the window. */
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
