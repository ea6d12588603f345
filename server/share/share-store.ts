import { DAY } from '../../src/lib/units.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import type { Database } from '../database.ts'
import type { ShareId } from './sealer.ts'

/** What is known of a link that was given: neither the link itself nor the key. Times: epoch ms. */
export interface Share {
  readonly id: ShareId
  /** The keyed hash of the sender's API key. */
  readonly owner: string
  readonly taskId: TaskId
  readonly createdAt: number
  readonly endsAt: number
  readonly shown: { readonly credits: boolean; readonly links: boolean }
}

export interface ShareStore {
  /** False where no more can be kept. */
  readonly add: (share: Share) => boolean
  /** Those of a sender that can still be opened, the newest first. */
  readonly ofOwner: (owner: string, now: number) => readonly Share[]
  /** `unknown` too for what was forgotten after its end. */
  readonly stateOf: (id: ShareId) => 'open' | 'revoked' | 'unknown'
  /** False where this owner has no such share. Once more changes nothing. */
  readonly revoke: (owner: string, id: ShareId) => boolean
  readonly close: () => void
}

export const SHARES_FILE = 'shares.db'

/** One entry per version of the schema: append, never edit. */
export const SHARE_MIGRATIONS = [
  `
  CREATE TABLE shares (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    task_id    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    credits    INTEGER NOT NULL CHECK (credits IN (0, 1)),
    links      INTEGER NOT NULL CHECK (links IN (0, 1)),
    revoked    INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX shares_of_owner ON shares (owner, created_at);
  CREATE INDEX shares_by_end ON shares (ends_at);
  `,
] as const

/** Of all keys together. */
const MOST_SHARES = 50_000
/** Of one key. What was revoked before those is unknown, and opens nothing either. */
const MOST_REVOKED = 200

/** A clock that is set right by less than this brings nothing back that was revoked. */
const KEPT_AFTER_END = DAY

interface Row {
  readonly id: ShareId
  readonly owner: string
  readonly task_id: TaskId
  readonly created_at: number
  readonly ends_at: number
  readonly credits: number
  readonly links: number
}

export function createShareStore(db: Database, most = MOST_SHARES): ShareStore {
  return {
    add({ id, owner, taskId, createdAt, endsAt, shown }) {
      db.run('DELETE FROM shares WHERE ends_at < ?', createdAt - KEPT_AFTER_END)
      const { kept = 0 } = db.get<{ kept: number }>('SELECT count(*) AS kept FROM shares') ?? {}
      if (kept >= most) return false
      db.run(
        `INSERT INTO shares (id, owner, task_id, created_at, ends_at, credits, links)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[id, owner, taskId, createdAt, endsAt, Number(shown.credits), Number(shown.links)],
      )
      return true
    },
    ofOwner: (owner, now) =>
      db
        .all<Row>(
          `SELECT * FROM shares WHERE owner = ? AND ends_at > ? AND revoked = 0
           ORDER BY created_at DESC, id`,
          owner,
          now,
        )
        .map(toShare),
    stateOf(id) {
      const row = db.get<{ revoked: number }>('SELECT revoked FROM shares WHERE id = ?', id)
      if (row === undefined) return 'unknown'
      return row.revoked === 1 ? 'revoked' : 'open'
    },
    revoke(owner, id) {
      const changed = db.run('UPDATE shares SET revoked = 1 WHERE owner = ? AND id = ?', owner, id)
      db.run(
        `DELETE FROM shares WHERE id IN
         (SELECT id FROM shares WHERE owner = ? AND revoked = 1 AND id <> ?
          ORDER BY created_at DESC LIMIT -1 OFFSET ?)`,
        owner,
        id,
        MOST_REVOKED - 1,
      )
      return changed > 0
    },
    close: () => db.close(),
  }
}

const toShare = (row: Row): Share => ({
  id: row.id,
  owner: row.owner,
  taskId: row.task_id,
  createdAt: row.created_at,
  endsAt: row.ends_at,
  shown: { credits: row.credits === 1, links: row.links === 1 },
})
