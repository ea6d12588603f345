/** Why this tab's data is not in storage. silent: storage has not responded yet, but still may. */
export type Denial = 'denied' | 'full' | 'outdated' | 'silent'

/** What an operation on storage has failed with. */
export function denialOf(error: unknown): Denial {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'TimeoutError') return 'silent'
  if (name === 'QuotaExceededError') return 'full'
  return name === 'VersionError' ? 'outdated' : 'denied'
}
