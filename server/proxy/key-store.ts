import * as v from 'valibot'
import { DAY } from '../../core/lib/units.ts'
import type { Quota } from '../../core/quota/quota.ts'
import { quotaSchema } from '../../core/quota/quota-schema.ts'
import type { Database } from '../database.ts'

/** State of a key apart from its tasks. */
export interface KeyState {
  readonly quota: Quota
  /** The API has accepted the key. */
  readonly accepted: boolean
}

/** Persistent state of keys. `id` stands in for the key. */
export interface KeyStore {
  readonly get: (id: string) => KeyState | null
  readonly set: (id: string, state: KeyState) => void
}

/** One entry per version of the schema: append, never edit. */
export const KEY_MIGRATIONS = [
  `
  CREATE TABLE keys (
    id        TEXT PRIMARY KEY,
    allowance TEXT NOT NULL,
    accepted  INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    at        INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX keys_by_time ON keys (accepted, at);
  `,
] as const

/** As long as the longest live link. */
const KEPT_FOR = 30 * DAY
/** For a key the API neither accepted nor rejected: no 429 is expected to last longer. */
const UNSURE_KEPT_FOR = DAY
const MAX_KEYS = 10_000

const storedQuota = v.pipe(v.string(), v.parseJson(), quotaSchema)

/** Beyond `most`, evicts keys the API never accepted first, then the least recently used. */
export function createKeyStore(db: Database, now: () => number, most = MAX_KEYS): KeyStore {
  function makeRoom(): void {
    db.run('DELETE FROM keys WHERE accepted = 0 AND at <= ?', now() - UNSURE_KEPT_FOR)
    db.run('DELETE FROM keys WHERE accepted = 1 AND at <= ?', now() - KEPT_FOR)
    db.run(
      `DELETE FROM keys WHERE id IN
       (SELECT id FROM keys ORDER BY accepted DESC, at DESC LIMIT -1 OFFSET ?)`,
      most - 1,
    )
  }

  return {
    get(id) {
      const row = db.get<{ allowance: string; accepted: number }>(
        'SELECT allowance, accepted FROM keys WHERE id = ?',
        id,
      )
      const quota = v.safeParse(storedQuota, row?.allowance)
      return quota.success ? { quota: quota.output, accepted: row?.accepted === 1 } : null
    },
    set(id, { quota, accepted }) {
      const values = [JSON.stringify(quota), Number(accepted), now(), id]
      const sql = 'UPDATE keys SET allowance = ?, accepted = ?, at = ? WHERE id = ?'
      if (db.run(sql, ...values) > 0) return
      db.transaction(() => {
        makeRoom()
        db.run('INSERT INTO keys (allowance, accepted, at, id) VALUES (?, ?, ?, ?)', ...values)
      })
    },
  }
}
