import { resolve } from 'node:path'
import { err, ok, type Result } from '../../src/lib/result.ts'
import type { Config } from '../config.ts'
import { openInFolder } from '../data-folder.ts'
import { secretIn } from '../secret-file.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { createShareStore, SHARE_MIGRATIONS, SHARES_FILE, type ShareStore } from './share-store.ts'

/** What live links need. */
export interface Sharing {
  /** The first makes links; each opens those that it made. */
  readonly sealers: readonly [Sealer, ...Sealer[]]
  readonly store: ShareStore
}

/** The error is a sentence for whoever runs the server, which does all else without. */
export async function openSharing({
  dataDir,
  shareSecrets,
}: Pick<Config, 'dataDir' | 'shareSecrets'>): Promise<Result<Sharing, string>> {
  const folder = resolve(dataDir)
  try {
    // Also where the secret is given: what could not be noted could not be revoked.
    const db = await openInFolder(folder, SHARES_FILE, SHARE_MIGRATIONS)
    try {
      const [first = await secretIn(folder, SHARE_SECRET), ...others] = shareSecrets
      const maker = await createSealer(first)
      const openers = await Promise.all(others.map(createSealer))
      return ok({ sealers: [maker, ...openers], store: createShareStore(db) })
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error))
  }
}

const SHARE_SECRET = { file: 'share-secret', without: 'links given end' }
