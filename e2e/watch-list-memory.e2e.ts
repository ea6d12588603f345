import type { Page } from '@playwright/test'
import { VERSION } from '../src/tasks/tracked-task.ts'
import { expect, giveKey, removeKey, test } from './support/fixtures.ts'
import { addButton, addTasks, grid, row, rows, stored, written } from './support/list.ts'

/* State that survives the page, in a real browser: several tabs, and unusual storage. */

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `sentinel-processed~${prefix}${n}`)

test('two tabs that add and remove at the same time lose nothing and agree', async ({
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

test('an open task page keeps its request count after a reload', async ({ open }) => {
  const page = await open('/tasks/sentinel-processed~count')
  await expect(page.getByTitle('First seen on check 1.')).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await expect(row(page, 'count')).toContainText('Done')
  await row(page, 'count').getByRole('link').click()
  await page.reload()
  await expect(page.getByTitle('First seen on check 1.')).toBeVisible()
})

/** Changes the first stored entry: merges the fields into it, or replaces it. */
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

test('garbage: the rest of the list works, and the garbage is kept until removed', async ({
  open,
}) => {
  const page = await open('/')
  await addTasks(page, ids('garbage', 3))
  await expect(rows(page)).toHaveCount(3)
  await written(page, 3)
  await changeFirst(page, { version: 1, addedAt: 'yesterday' }, false)
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  const notice = page.getByRole('region', { name: '1 saved task can’t be read' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    notice.getByRole('button', { name: 'Save it as a file' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('loupe-unreadable.json')
  await notice.getByRole('button', { name: 'Remove it' }).click()
  await notice.getByRole('button', { name: 'Remove it permanently' }).click()
  await expect(notice).toBeHidden()
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
})

test('an older version: everything is read, and written in the new format', async ({
  open,
  page,
}) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('made') !== null) return
    sessionStorage.setItem('made', 'yes')
    // The first layout had no count of removed tasks.
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

test('a newer version: its tasks are kept and reported', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ids('newer', 3))
  await expect(rows(page)).toHaveCount(3)
  await written(page, 3)
  await changeFirst(page, { version: 99, mood: 'new' }, true)
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await expect(
    page.getByRole('region', { name: '1 task was saved by a newer version of Loupe' }),
  ).toBeVisible()
})

test('a newer storage layout: nothing is written, and the page says why', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ids('layout', 2))
  await expect(rows(page)).toHaveCount(2)
  await written(page, 2)
  // As a newer Loupe in another tab does: this one closes its connection.
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
    page.getByRole('region', { name: 'A newer version of Loupe is open in another tab' }),
  ).toBeVisible()
  await expect(rows(page)).toHaveCount(2)
})

test('full storage: unsaved changes are reported, and saved when there is space', async ({
  open,
}) => {
  const page = await open('/')
  // Without a result, whose thumbnail would be a change of its own, however late.
  await addTasks(page, ['sentinel-failed~full0', 'sentinel-failed~full1'])
  await expect(rows(page)).toHaveCount(2)
  await written(page, 2)
  // So that no response causes a change.
  await page.getByRole('button', { name: /checks? left$/ }).click()
  await page.getByRole('button', { name: /^Pause/ }).click()
  await page.keyboard.press('Escape')
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    Object.assign(window, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { put }) })
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('No room', 'QuotaExceededError')
    }
  })
  await addTasks(page, ids('more', 2))
  await expect(rows(page)).toHaveCount(4)
  const notice = page.getByRole('region', { name: /storage is full: 2 changes aren’t saved/ })
  await expect(notice).toBeVisible()
  await page.evaluate(() => (window as unknown as { makeRoom: () => void }).makeRoom())
  await notice.getByRole('button', { name: 'Retry' }).click()
  await expect(notice).toBeHidden()
  await page.reload()
  await expect(rows(page)).toHaveCount(4)
})

test('denied storage: the list works until the page is closed, and says so', async ({
  open,
  page,
}) => {
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
    page.getByRole('region', { name: 'Your list can’t be saved in this browser' }),
  ).toBeVisible()
})

const SILENT = 'Browser storage isn’t responding'

/** The browser never responds when the database is opened, or read and written. */
const HANGS = {
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

for (const [what, hang] of Object.entries(HANGS)) {
  test(`storage that never responds (${what}): results are shown, here and in another tab`, async ({
    open,
    context,
    page,
    sandbox,
  }) => {
    await page.addInitScript(hang)
    const stuck = await open('/tasks/sentinel-processed~silent')
    await expect(stuck.getByText('10 credits deducted', { exact: true })).toBeVisible()
    const healthy = await context.newPage()
    await giveKey(healthy, (await sandbox.state()).key)
    await healthy.goto('/tasks/sentinel-processed~silent')
    await expect(healthy.getByText('10 credits deducted', { exact: true })).toBeVisible()
    await stuck.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
    await expect(stuck.getByRole('region', { name: SILENT })).toBeVisible()
    await expect(row(stuck, 'silent')).toContainText('Done')
    await addTasks(stuck, ids('silently', 2))
    await expect(rows(stuck)).toHaveCount(3)
  })
}

test('another key: tasks of the earlier key are offered, not lost', async ({
  page,
  server,
  sandbox,
}) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('loupe:api-key') === null)
      sessionStorage.setItem('loupe:api-key', 'the-old-key-0123456789')
  })
  await page.goto(server.url)
  await addTasks(page, ids('rotated', 2))
  await expect(rows(page)).toHaveCount(2)
  await removeKey(page)
  await page.getByLabel('API key').fill((await sandbox.state()).key)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(addButton(page)).toBeVisible()
  const offer = page.getByRole('region', { name: '2 tasks added with a different key' })
  await expect(offer).toBeVisible()
  // Anybody can enter any key: names and images need one that works.
  const add = offer.getByRole('button', { name: 'Add to this list' })
  await expect(add).toHaveCount(0)
  await addTasks(page, ids('accepted', 2))
  await add.click()
  await expect(rows(page)).toHaveCount(4)
  await expect(offer).toHaveCount(0)
})
