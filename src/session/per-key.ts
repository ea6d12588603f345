import type { ApiKey } from './api-key.ts'
import { currentKey, subscribeToKey } from './session.ts'

/**
 * One instance per key, created on first use and closed when this tab no longer has the key. `make` gets
 * the key and the first caller's other arguments.
 */
export function perKey<T extends { readonly close: () => void }, Rest extends readonly unknown[]>(
  make: (key: ApiKey, ...rest: Rest) => T,
): (key: ApiKey, ...rest: Rest) => T {
  const open = new Map<ApiKey, T>()
  return (key, ...rest) => {
    const known = open.get(key)
    if (known !== undefined) return known
    const made = make(key, ...rest)
    open.set(key, made)
    const stop = subscribeToKey(() => {
      if (currentKey() === key) return
      stop()
      open.delete(key)
      made.close()
    })
    return made
  }
}
