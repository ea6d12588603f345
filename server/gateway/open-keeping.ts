import { resolve } from 'node:path'
import { err, ok, type Result } from '../../src/lib/result.ts'
import type { Config } from '../config.ts'
import { openInFolder } from '../data-folder.ts'
import { secretIn } from '../secret-file.ts'
import type { Keeping } from './gateway.ts'
import { createKeyStore, KEY_MIGRATIONS } from './key-store.ts'
import { createStartStore, START_MIGRATIONS } from './start-store.ts'

export interface OpenKeeping extends Keeping {
  readonly close: () => void
}

/** What outlives a Node server, in its data folder. The error is a sentence for whoever runs it. */
export async function openKeeping(
  { dataDir }: Pick<Config, 'dataDir'>,
  now: () => number,
): Promise<Result<OpenKeeping, string>> {
  const folder = resolve(dataDir)
  const opened: { close: () => void }[] = []
  const open = async (...of: Parameters<typeof openInFolder>) => {
    const db = await openInFolder(...of)
    opened.push(db)
    return db
  }
  const close = () => {
    for (const db of opened) db.close()
  }
  try {
    // A start that was noted is on disk before it is sent, whatever befalls the machine.
    const starts = await open(folder, 'starts.db', START_MIGRATIONS, { flushed: true })
    const keys = await open(folder, 'keys.db', KEY_MIGRATIONS)
    const secret = await secretIn(folder, KEY_SECRET)
    return ok({
      starts: createStartStore(starts, now),
      keys: createKeyStore(keys, now),
      secret: new TextEncoder().encode(secret),
      close,
    })
  } catch (error) {
    close()
    return err(error instanceof Error ? error.message : String(error))
  }
}

const KEY_SECRET = { file: 'key-secret', without: 'what was noted of starts is forgotten' }
