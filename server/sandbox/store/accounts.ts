import { randomBytes } from 'node:crypto'
import type { Database } from '../../database.ts'

export interface Account {
  readonly id: number
  readonly name: string
  readonly apiKey: string
  readonly balance: number
}

export interface LedgerEntry {
  readonly taskId: string
  readonly credits: number
  /** Epoch milliseconds. */
  readonly at: number
}

export type Accounts = ReturnType<typeof createAccounts>

const COLUMNS = 'id, name, api_key AS apiKey, balance'

export function createAccounts(db: Database) {
  return {
    /** The account of that name, created with a new key and `balance` if missing. */
    ensure(name: string, balance: number): Account {
      const key = `sandbox_${randomBytes(18).toString('base64url')}`
      db.run(
        'INSERT INTO accounts (name, api_key, balance) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
        name,
        key,
        balance,
      )
      const account = db.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE name = ?`, name)
      if (account === undefined) throw new Error(`account ${name} vanished`)
      return account
    },

    byKey: (key: string): Account | undefined =>
      db.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE api_key = ?`, key),

    byId: (id: number): Account | undefined =>
      db.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE id = ?`, id),

    ledger: (accountId: number): LedgerEntry[] =>
      db.all<LedgerEntry>(
        'SELECT task_id AS taskId, credits, at FROM ledger WHERE account_id = ? ORDER BY id',
        accountId,
      ),

    /** Available credits: the balance minus the price of tasks not charged yet. */
    free: (accountId: number): number =>
      db.get<{ free: number }>(
        `SELECT balance - coalesce((
           SELECT sum(coalesce(cost, price)) FROM tasks
           WHERE account_id = accounts.id AND status <> 'PROCESSING_FAILED'
             AND NOT EXISTS (SELECT 1 FROM ledger WHERE task_id = tasks.id)
         ), 0) AS free FROM accounts WHERE id = ?`,
        accountId,
      )?.free ?? 0,

    isCharged: (taskId: string): boolean =>
      db.get('SELECT 1 FROM ledger WHERE task_id = ?', taskId) !== undefined,

    /**
     * Deducts the price of a processed task, unless already done. False if the balance is too small:
     * nothing is deducted then, and a later call tries again.
     */
    charge(taskId: string, at: number): boolean {
      if (this.isCharged(taskId)) return true // the usual case takes no write lock
      return db.transaction(() => {
        if (this.isCharged(taskId)) return true
        const paid = db.run(
          `UPDATE accounts SET balance = balance - coalesce(tasks.cost, tasks.price) FROM tasks
           WHERE tasks.id = ? AND tasks.status = 'PROCESSED'
             AND accounts.id = tasks.account_id AND accounts.balance >= coalesce(tasks.cost, tasks.price)`,
          taskId,
        )
        if (paid === 0) return false
        db.run(
          `INSERT INTO ledger (task_id, account_id, credits, at)
           SELECT id, account_id, coalesce(cost, price), ? FROM tasks WHERE id = ?`,
          at,
          taskId,
        )
        return true
      })
    },
  }
}
