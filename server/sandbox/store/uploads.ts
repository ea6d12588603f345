import type { Database } from '../../database.ts'

/** A file uploaded by parts. Times are epoch milliseconds. */
export interface NewUpload {
  readonly id: string
  readonly accountId: number
  /** Identifies the file, in requests too. */
  readonly path: string
  readonly originalName: string
  /** As announced, so the parts may add up to something else. */
  readonly fileSize: number
  readonly partCount: number
  readonly expiresAt: number
}

export interface StoredUpload extends NewUpload {
  readonly isComplete: number
}

export interface StoredPart {
  readonly number: number
  readonly etag: string
}

/** Limits of all uploads together: forty files of 90 MB fit. */
const MAX_UPLOADS = 1000
const MAX_BYTES = 4 * 1024 ** 3

const COLUMNS = `id, account_id AS accountId, path, original_name AS originalName,
  file_size AS fileSize, part_count AS partCount, expires_at AS expiresAt,
  is_complete AS isComplete`

export type Uploads = ReturnType<typeof createUploads>

export function createUploads(db: Database, now: () => number) {
  const remove = (where: string, ...values: number[]): readonly string[] => {
    const ids = db.all<{ id: string }>(`SELECT id FROM uploads WHERE ${where}`, ...values)
    for (const { id } of ids) db.run('DELETE FROM uploads WHERE id = ?', id)
    return ids.map(({ id }) => id)
  }

  return {
    /** Returns the IDs of the uploads that made way for it, whose files can be deleted. */
    add(upload: NewUpload): readonly string[] {
      return db.transaction(() => {
        const expired = remove('expires_at <= ?', now())
        // Beyond the limits the oldest go.
        const crowded = remove(
          `seq IN (SELECT seq FROM (
             SELECT seq, row_number() OVER newest AS n, sum(file_size) OVER newest AS bytes
             FROM uploads WINDOW newest AS (ORDER BY seq DESC)
           ) WHERE n >= ? OR bytes > ?)`,
          MAX_UPLOADS,
          MAX_BYTES - upload.fileSize,
        )
        db.run(
          `INSERT INTO uploads (id, account_id, path, original_name, file_size, part_count, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          ...[upload.id, upload.accountId, upload.path, upload.originalName],
          ...[upload.fileSize, upload.partCount, upload.expiresAt],
        )
        return [...expired, ...crowded]
      })
    },

    /** IDs of those that have not expired. */
    currentIds: (): ReadonlySet<string> =>
      new Set(
        db
          .all<{ id: string }>('SELECT id FROM uploads WHERE expires_at > ?', now())
          .map(({ id }) => id),
      ),

    byId: (id: string): StoredUpload | undefined =>
      db.get<StoredUpload>(
        `SELECT ${COLUMNS} FROM uploads WHERE id = ? AND expires_at > ?`,
        id,
        now(),
      ),

    /** A complete file of the account. */
    byPath: (accountId: number, path: string): StoredUpload | undefined =>
      db.get<StoredUpload>(
        `SELECT ${COLUMNS} FROM uploads
         WHERE account_id = ? AND path = ? AND is_complete = 1 AND expires_at > ?`,
        accountId,
        path,
        now(),
      ),

    /** A part sent again replaces the earlier one. False if the upload no longer takes any. */
    setPart: (uploadId: string, { number, etag }: StoredPart): boolean =>
      db.run(
        `INSERT OR REPLACE INTO upload_parts (upload_id, part_number, etag)
         SELECT id, ?, ? FROM uploads WHERE id = ? AND is_complete = 0 AND expires_at > ?`,
        number,
        etag,
        uploadId,
        now(),
      ) > 0,

    partsOf: (uploadId: string): readonly StoredPart[] =>
      db.all<StoredPart>(
        `SELECT part_number AS number, etag FROM upload_parts
         WHERE upload_id = ? ORDER BY part_number`,
        uploadId,
      ),

    complete(id: string, expiresAt: number): void {
      db.run('UPDATE uploads SET is_complete = 1, expires_at = ? WHERE id = ?', expiresAt, id)
    },
  }
}
