import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import type { Sharing } from '../sharing/share-route.ts'
import { createShareStore, SHARE_MIGRATIONS } from '../sharing/share-store.ts'
import { createTokenCipher } from '../sharing/share-token.ts'
import { openInFolder, secretIn } from './data-folder.ts'

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
