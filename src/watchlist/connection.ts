import { openStore, type Store } from './store.ts'

/** Works on the store; rejects with the browser's DOMException where it can be neither used nor opened. */
export type InStore = <T>(work: (store: Store) => Promise<T>) => Promise<T>

/** What another connection does not change. */
const LASTING = ['QuotaExceededError', 'VersionError']

/**
 * One connection to the store, opened when it is first used. A browser may end it whenever nobody looks, and
 * not always tell (WebKit ends the process that has it): what fails then is done once more on a new one.
 * `work` may thus run twice, but of what has failed nothing was written.
 */
export function connectTo(keyHash: string, onOutdated: () => void): InStore {
  let connection: Promise<Store> | null = null

  const connect = (): Promise<Store> => {
    if (connection !== null) return connection
    const opening = openStore(keyHash, (why) => {
      forget(opening)
      if (why === 'outdated') onOutdated()
    })
    connection = opening
    // Whoever waits for it hears of a failure; the next one tries again.
    opening.catch(() => forget(opening))
    return opening
  }
  const forget = (one: Promise<Store>) => {
    if (connection === one) connection = null
  }

  return async (work) => {
    const used = connect()
    const store = await used
    try {
      return await work(store)
    } catch (error) {
      if (error instanceof DOMException && LASTING.includes(error.name)) throw error
      store.close()
      forget(used)
      return work(await connect())
    }
  }
}
