/** The result of a promise, or a TimeoutError after `ms`; the underlying work continues. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('No response in time', 'TimeoutError')), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
