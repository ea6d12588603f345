import type { Database } from '../../database.ts'

/** So many recordings are kept. */
export const MOST_RECORDINGS = 50

export interface StoredRecording {
  readonly id: string
  /** What it shows, in one line. */
  readonly says: string
}

export type Recordings = ReturnType<typeof createRecordings>

export function createRecordings(db: Database) {
  return {
    /** The one of the same id is replaced and becomes the newest; beyond the most, the oldest leave. */
    add({ id, says }: StoredRecording, content: string): void {
      db.transaction(() => {
        db.run(
          'INSERT OR REPLACE INTO recordings (id, says, content) VALUES (?, ?, ?)',
          id,
          says,
          content,
        )
        db.run(
          'DELETE FROM recordings WHERE seq NOT IN (SELECT seq FROM recordings ORDER BY seq DESC LIMIT ?)',
          MOST_RECORDINGS,
        )
      })
    },

    /** Newest first. */
    list: (): StoredRecording[] =>
      db.all<StoredRecording>('SELECT id, says FROM recordings ORDER BY seq DESC'),

    /** The recording's JSON. */
    content: (id: string): string | undefined =>
      db.get<{ content: string }>('SELECT content FROM recordings WHERE id = ?', id)?.content,
  }
}
