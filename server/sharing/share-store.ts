import type { TaskId } from '../../core/api/task-id.ts'
import type { Visibility } from '../../core/api/visibility.ts'
import { DAY } from '../../core/lib/units.ts'
import type { Database } from '../database.ts'
import type { ShareId } from './share-token.ts'

/** The record of a created link, without the link itself or the key. Times: epoch ms. */
export interface Share {
  readonly id: ShareId
  /** The keyed hash of the sender's API key. */
  readonly owner: string
  readonly taskId: TaskId
  readonly createdAt: number
  readonly endsAt: number
  readonly shown: Visibility
  /** Whether it has small images, which viewers get from this server. */
  readonly previews: boolean
}

/** Data URLs of small images, made by the sender's browser: one per file, null where it has none. */
export type Previews = readonly (string | null)[]

export interface ShareStore {
  /** False if the store is full. */
  readonly add: (share: Omit<Share, 'previews'>, previews?: Previews) => boolean
  /** A sender's shares that can still be opened, newest first. */
  readonly ofOwner: (owner: string, now: number) => readonly Share[]
  /** Also `unknown` for shares deleted after they expired. */
  readonly stateOf: (id: ShareId) => 'open' | 'revoked' | 'unknown'
  readonly previewsOf: (id: ShareId) => Previews
  /** False if this owner has no such share. Idempotent. */
  readonly revoke: (owner: string, id: ShareId) => boolean
  readonly close: () => void
}

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
  `
  -- JSON array of data URLs and nulls; null for none. Not after the statement, where workerd
  -- takes a comment for an empty statement and fails.
  ALTER TABLE shares ADD COLUMN previews TEXT;
  `,
] as const

/** For all keys together. */
const MAX_SHARES = 50_000
/** Per key. Shares revoked earlier become `unknown`, which can't be opened either. */
const MAX_REVOKED = 200

/** A clock correction below this can't revive a revoked link. */
const KEPT_AFTER_END = DAY

interface Row {
  readonly id: ShareId
  readonly owner: string
  readonly task_id: TaskId
  readonly created_at: number
  readonly ends_at: number
  readonly credits: number
  readonly links: number
  readonly has_previews: number
}

/** All columns but the images, which are large. */
const COLUMNS =
  'id, owner, task_id, created_at, ends_at, credits, links, previews IS NOT NULL AS has_previews'

export function createShareStore(db: Database, most = MAX_SHARES): ShareStore {
  return {
    add({ id, owner, taskId, createdAt, endsAt, shown }, previews = []) {
      db.run('DELETE FROM shares WHERE ends_at < ?', createdAt - KEPT_AFTER_END)
      const { kept = 0 } = db.get<{ kept: number }>('SELECT count(*) AS kept FROM shares') ?? {}
      if (kept >= most) return false
      db.run(
        `INSERT INTO shares (id, owner, task_id, created_at, ends_at, credits, links, previews)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, owner, taskId, createdAt, endsAt, Number(shown.credits), Number(shown.links)],
        previews.length === 0 ? null : JSON.stringify(previews),
      )
      return true
    },
    ofOwner: (owner, now) =>
      db
        .all<Row>(
          `SELECT ${COLUMNS} FROM shares WHERE owner = ? AND ends_at > ? AND revoked = 0
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
    previewsOf(id) {
      const row = db.get<{ previews: string | null }>(
        'SELECT previews FROM shares WHERE id = ? AND revoked = 0',
        id,
      )
      return JSON.parse(row?.previews ?? '[]') as Previews
    },
    revoke(owner, id) {
      const changed = db.run(
        'UPDATE shares SET revoked = 1, previews = NULL WHERE owner = ? AND id = ?',
        owner,
        id,
      )
      db.run(
        `DELETE FROM shares WHERE id IN
         (SELECT id FROM shares WHERE owner = ? AND revoked = 1 AND id <> ?
          ORDER BY created_at DESC LIMIT -1 OFFSET ?)`,
        owner,
        id,
        MAX_REVOKED - 1,
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
  previews: row.has_previews === 1,
})
