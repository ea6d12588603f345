import { resolve } from 'node:path'
import type { Stores } from '../api.ts'
import type { Config } from '../config.ts'
import { createKeyStore, KEY_MIGRATIONS } from '../proxy/key-store.ts'
import { createRequestStore, START_MIGRATIONS } from '../proxy/request-store.ts'
import type { Sharing } from '../sharing/share-route.ts'
import { createShareStore, SHARE_MIGRATIONS } from '../sharing/share-store.ts'
import { createTokenCipher } from '../sharing/share-token.ts'
import { openInFolder, secretIn } from './data-folder.ts'

export interface OpenStores extends Stores {
  readonly close: () => void
}

/** Persistent stores of a Node server, in its data folder. Throws a sentence for the operator. */
export async function openStores(
  { dataDir }: Pick<Config, 'dataDir'>,
  now: () => number,
): Promise<OpenStores> {
  const folder = resolve(dataDir)
  const opened: { close: () => void }[] = []
  const close = () => {
    for (const db of opened) db.close()
  }
  try {
    // Flushed: a recorded start must be on disk before it is sent, even if the machine crashes.
    const starts = await openInFolder(folder, 'starts.db', START_MIGRATIONS, { flushed: true })
    opened.push(starts)
    const keys = await openInFolder(folder, 'keys.db', KEY_MIGRATIONS)
    opened.push(keys)
    return {
      starts: createRequestStore(starts, now),
      keys: createKeyStore(keys, now),
      secret: new TextEncoder().encode(await secretIn(folder, KEY_SECRET)),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

const KEY_SECRET = { file: 'key-secret', without: 'stored requests and request counts start over' }

/** Throws a sentence for the operator; the rest of the server works without live links. */
export async function openSharing({
  dataDir,
  shareSecrets,
}: Pick<Config, 'dataDir' | 'shareSecrets'>): Promise<Sharing> {
  const folder = resolve(dataDir)
  // Also if the secret is configured: a link that isn't recorded couldn't be revoked.
  const db = await openInFolder(folder, 'shares.db', SHARE_MIGRATIONS)
  try {
    const [first = await secretIn(folder, SHARE_SECRET), ...others] = shareSecrets
    const otherCiphers = await Promise.all(others.map(createTokenCipher))
    return {
      ciphers: [await createTokenCipher(first), ...otherCiphers],
      store: createShareStore(db),
    }
  } catch (error) {
    db.close()
    throw error
  }
}

const SHARE_SECRET = { file: 'share-secret', without: 'all public links expire' }
