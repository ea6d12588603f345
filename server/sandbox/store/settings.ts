import { randomBytes } from 'node:crypto'
import type { Database } from '../../database.ts'

export type Settings = ReturnType<typeof createSettings>

export function createSettings(db: Database) {
  const get = (name: string): string | undefined =>
    db.get<{ value: string }>('SELECT value FROM settings WHERE name = ?', name)?.value

  return {
    get,
    set(name: string, value: string): void {
      db.run('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', name, value)
    },
    remove(name: string): void {
      db.run('DELETE FROM settings WHERE name = ?', name)
    },
    /** A random secret, created on first use and stored. */
    secret(name: string): string {
      const fresh = randomBytes(32).toString('base64url')
      db.run('INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)', name, fresh)
      return get(name) ?? fresh
    },
  }
}
