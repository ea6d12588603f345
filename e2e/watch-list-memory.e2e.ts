import type { Page } from '@playwright/test'
import { VERSION } from '../src/watchlist/entry.ts'
import { expect, giveKey, test } from './support/fixtures.ts'
import { addTasks, field, grid, row, rows, stored, written } from './support/list.ts'

/* What outlives the page, in a real browser: several tabs, and storage that is not as it should be. */

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `sentinel-processed~${prefix}${n}`)

test('two tabs that add and remove at once lose nothing, and show the same', async ({
  open,
  context,
  sandbox,
}) => {
  const one = await open('/')
  await addTasks(one, ids('shared', 6))
  await expect(rows(one)).toHaveCount(6)
  const two = await context.newPage()
  await giveKey(two, (await sandbox.state()).key)
  await two.goto('/')
  await expect(rows(two)).toHaveCount(6)

  const remove = async (page: Page, name: string) => {
    await row(page, name).getByRole('checkbox').click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
  }
  await Promise.all([addTasks(one, ids('one', 4)), addTasks(two, ids('two', 4))])
  await Promise.all([remove(one, 'shared0'), remove(two, 'shared1')])
  for (const page of [one, two]) await expect(grid(page)).toHaveAttribute('aria-rowcount', '13')
  await one.reload()
  await expect(grid(one)).toHaveAttribute('aria-rowcount', '13')
  for (const page of [one, two]) {
    await expect(row(page, 'shared0')).toHaveCount(0)
    await expect(row(page, 'shared1')).toHaveCount(0)
  }
})

test('an open task page goes on counting its questions after a reload', async ({ open }) => {
  const page = await open('/tasks/sentinel-processed~count')
  await expect(page.getByText('First seen at question 1.')).toBeVisible()
  await page.getByRole('link', { name: 'All tasks' }).click()
  await expect(row(page, 'count')).toContainText('Processed')
  await row(page, 'count').getByRole('link').click()
  await page.reload()
  await expect(page.getByText('First seen at question 1.')).toBeVisible()
})

/** Changes the first entry of the browser's storage: these fields instead of its own, or alone. */
const changeFirst = (page: Page, fields: object, keep: boolean) =>
  page.evaluate(
    ({ fields, keep }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('loupe')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const transaction = db.transaction('tasks', 'readwrite')
          const cursor = transaction.objectStore('tasks').openCursor()
          cursor.onsuccess = () => {
            const { result } = cursor
            result?.update({ ...(keep ? result.value : {}), ...fields })
          }
          transaction.oncomplete = () => {
            db.close()
            resolve()
          }
        }
      }),
    { fields, keep },
  )

test('garbage: the rest of the list is there, and the garbage is kept until it is removed', async ({
  open,
}) => {
  const page = await open('/')
  await addTasks(page, ids('garbage', 3))
  await expect(rows(page)).toHaveCount(3)
  await written(page, 3)
  await changeFirst(page, { version: 1, addedAt: 'yesterday' }, false)
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  const notice = page.getByRole('region', { name: '1 remembered task cannot be read' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    notice.getByRole('button', { name: 'Save it as a file' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('loupe-unreadable.json')
  await notice.getByRole('button', { name: 'Remove it' }).click()
  await notice.getByRole('button', { name: 'Remove it for good' }).click()
  await expect(notice).toBeHidden()
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
})

test('an older version: all of it is read, and written in the new way', async ({ open, page }) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('made') !== null) return
    sessionStorage.setItem('made', 'yes')
    // The first layout had no count of what has left.
    const opening = indexedDB.open('loupe', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('tasks')
    opening.onsuccess = () => opening.result.close()
  })
  await open('/')
  await addTasks(page, ids('older', 3))
  await expect(rows(page)).toHaveCount(3)
  await written(page, 3)
  await changeFirst(page, { version: 1 }, true)
  await page.reload()
  await expect(rows(page)).toHaveCount(3)
  await expect
    .poll(async () => (await stored(page)).map(({ version }) => version))
    .toEqual([VERSION, VERSION, VERSION])
})

test('a newer version: its tasks are kept, and said to be', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ids('newer', 3))
  await expect(rows(page)).toHaveCount(3)
  await written(page, 3)
  await changeFirst(page, { version: 99, mood: 'new' }, true)
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await expect(
    page.getByRole('region', { name: '1 task was written by a newer Loupe' }),
  ).toBeVisible()
})

test('a newer layout of the storage: nothing is written, and the page says why', async ({
  open,
}) => {
  const page = await open('/')
  await addTasks(page, ids('layout', 2))
  await expect(rows(page)).toHaveCount(2)
  await written(page, 2)
  // As a newer Loupe in another tab does: this one lets go.
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('loupe', 99)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          opening.result.close()
          resolve()
        }
      }),
  )
  await expect(
    page.getByRole('region', { name: 'A newer Loupe is open in another tab' }),
  ).toBeVisible()
  await expect(rows(page)).toHaveCount(2)
})

test('full storage: nothing is lost without a word, and it is written when there is room', async ({
  open,
}) => {
  const page = await open('/')
  await addTasks(page, ids('full', 2))
  await expect(rows(page)).toHaveCount(2)
  await written(page, 2)
  // No answer brings a change of its own.
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    Object.assign(window, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { put }) })
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('No room', 'QuotaExceededError')
    }
  })
  await addTasks(page, ids('more', 2))
  await expect(rows(page)).toHaveCount(4)
  const notice = page.getByRole('region', { name: /no room left: 2 changes are only in this tab/ })
  await expect(notice).toBeVisible()
  await page.evaluate(() => (window as unknown as { makeRoom: () => void }).makeRoom())
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect(notice).toBeHidden()
  await page.reload()
  await expect(rows(page)).toHaveCount(4)
})

test('denied storage: the list is there while the page is, and says so', async ({ open, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      value: {
        open() {
          throw new DOMException('denied', 'SecurityError')
        },
      },
    })
  })
  await open('/')
  await addTasks(page, ids('denied', 2))
  await expect(rows(page)).toHaveCount(2)
  await expect(
    page.getByRole('region', { name: 'This list lives only until the tab is closed' }),
  ).toBeVisible()
})

const SILENT = 'Browser storage isn’t responding'

/** The browser never answers when the database is opened, or when something in it is asked for. */
const SILENCES = {
  'opening the database': () => {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...args) {
      return Object.assign(open.apply(this, args), { addEventListener: () => {} })
    }
  },
  'reading and writing': () => {
    for (const name of ['get', 'getAll', 'getAllKeys', 'count', 'put'] as const) {
      const real: (...args: never[]) => IDBRequest = IDBObjectStore.prototype[name]
      IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...args: never[]) {
        return Object.assign(real.apply(this, args), { addEventListener: () => {} })
      }
    }
  },
}

for (const [what, silence] of Object.entries(SILENCES)) {
  test(`storage that never answers (${what}): answers are shown, here and in another tab`, async ({
    open,
    context,
    page,
    sandbox,
  }) => {
    await page.addInitScript(silence)
    const stuck = await open('/tasks/sentinel-processed~silent')
    await expect(stuck.getByText('10 credits deducted', { exact: true })).toBeVisible()
    const healthy = await context.newPage()
    await giveKey(healthy, (await sandbox.state()).key)
    await healthy.goto('/tasks/sentinel-processed~silent')
    await expect(healthy.getByText('10 credits deducted', { exact: true })).toBeVisible()
    await stuck.getByRole('link', { name: 'All tasks' }).click()
    await expect(stuck.getByRole('region', { name: SILENT })).toBeVisible()
    await expect(row(stuck, 'silent')).toContainText('Processed')
    await addTasks(stuck, ids('silently', 2))
    await expect(rows(stuck)).toHaveCount(3)
  })
}

test('another key: what an earlier one watched is offered, not lost', async ({ page, server }) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('loupe:api-key') === null)
      sessionStorage.setItem('loupe:api-key', 'the-old-key-0123456789')
  })
  await page.goto(server.url)
  await addTasks(page, ids('rotated', 2))
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Forget key' }).click()
  await page.getByLabel('API key').fill('the-new-key-0123456789')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(field(page)).toBeVisible()
  await page.getByRole('button', { name: 'Show them with this key too' }).click()
  await expect(rows(page)).toHaveCount(2)
})
