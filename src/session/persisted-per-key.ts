import type { TextFormat } from '../../core/lib/parse-json.ts'
import { persisted, type Store } from '../lib/store.ts'
import { type ApiKey, hashKey } from './api-key.ts'
import { perKey } from './per-key.ts'

/** A value stored for each key, and shared by all tabs. Storage has a hash of the key only. */
export function persistedPerKey<T>(
  name: string,
  initial: T,
  format: TextFormat<T>,
): (key: ApiKey) => Store<T> {
  return perKey((key) => ({
    ...persisted(`loupe:${name}:${hashKey(key)}`, initial, format),
    close: () => {},
  }))
}
