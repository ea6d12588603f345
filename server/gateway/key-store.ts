import * as v from 'valibot'
import { DAY } from '../../src/lib/units.ts'
import { allowanceSchema } from '../../src/polling/allowance-schema.ts'
import type { Allowance } from '../../src/polling/budget.ts'
import type { Database } from '../database.ts'

/** What is known of a key beyond its tasks. */
export interface KeyState {
  readonly allowance: Allowance
  /** The API took the key for one of its own. */
  readonly accepted: boolean
}

/** Where that outlives the memory of who asks. `id` stands in for the key. */
export interface KeyStore {
  readonly find: (id: string) => KeyState | null
  readonly keep: (id: string, state: KeyState) => void
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
/** Of a key that the API never took, nor refused: no 429 is believed to last longer. */
const UNSURE_KEPT_FOR = DAY
const MOST_KEYS = 10_000

const kept = v.pipe(v.string(), v.parseJson(), allowanceSchema)

/** Beyond `most`, those leave first that the API never took, then those that were used longest ago. */
export function createKeyStore(db: Database, now: () => number, most = MOST_KEYS): KeyStore {
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
    find(id) {
      const row = db.get<{ allowance: string; accepted: number }>(
        'SELECT allowance, accepted FROM keys WHERE id = ?',
        id,
      )
      const allowance = v.safeParse(kept, row?.allowance)
      return allowance.success
        ? { allowance: allowance.output, accepted: row?.accepted === 1 }
        : null
    },
    keep(id, { allowance, accepted }) {
      const values = [JSON.stringify(allowance), Number(accepted), now(), id]
      const sql = 'UPDATE keys SET allowance = ?, accepted = ?, at = ? WHERE id = ?'
      if (db.run(sql, ...values) > 0) return
      db.transaction(() => {
        makeRoom()
        db.run('INSERT INTO keys (allowance, accepted, at, id) VALUES (?, ?, ?, ?)', ...values)
      })
    },
  }
}
