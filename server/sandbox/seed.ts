import type { Database } from '../database.ts'
import { DEMO_NAMES, newDemoTask } from './demos.ts'
import type { Accounts } from './store/accounts.ts'
import type { Settings } from './store/settings.ts'
import type { Tasks } from './store/tasks.ts'

/** Enough for a thousand pictures, so that no demo ends for want of credits. */
const BALANCE = 10_000

export const FOREIGN_TASK = {
  id: 'sentinel-not-yours',
  says: '404: a task that is there, but of another account',
}

/** Fills an empty sandbox, once: either all of it is stored or nothing. Returns the user's account. */
export function seed(
  db: Database,
  { accounts, settings, tasks }: { accounts: Accounts; settings: Settings; tasks: Tasks },
  now: number,
) {
  return db.transaction(() => {
    const account = accounts.ensure('you', BALANCE)
    if (settings.get('seeded') !== undefined) return account
    DEMO_NAMES.forEach((name, n) => {
      // The queue runs in this order, and the list shows it.
      const listing = DEMO_NAMES.length - n
      tasks.insert(newDemoTask(name, { accountId: account.id, listing, now }))
    })
    const { id } = accounts.ensure('neighbour', BALANCE)
    tasks.insert(newDemoTask('sparse', { accountId: id, listing: 0, now, id: FOREIGN_TASK.id }))
    settings.set('seeded', String(now))
    return account
  })
}
