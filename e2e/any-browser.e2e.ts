import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { type Api, breakApi, type Fault } from './support/faulty-browser.ts'
import { credits, expect, test } from './support/fixtures.ts'
import { rows } from './support/list.ts'

/*
 * Every API of the browser that the program touches, in turn missing, throwing, rejecting and never
 * answering: each time the main job is done, and what cannot be done is said or left out.
 */

const ALL: readonly Fault[] = ['missing', 'throwing', 'rejecting', 'hanging']
/** What answers at once cannot reject, or hang. */
const AT_ONCE: readonly Fault[] = ['missing', 'throwing']

interface Case {
  readonly api: Api
  readonly faults: readonly Fault[]
  /** What else is tried on the page of the task. */
  readonly also?: (page: Page, fault: Fault) => Promise<void>
}

const functions = (name: string, ...functions: string[]): Api => ({
  kind: 'functions',
  name,
  functions,
})
const klass = (name: string): Api => ({ kind: 'class', name })

const nameOf = (api: Api): string =>
  [api.name, ...('functions' in api ? api.functions.slice(0, 1) : [])].join('.')

const click = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true }).click()
const share = (page: Page) => page.getByRole('dialog', { name: 'Share this task' })
const openShare = async (page: Page, kind = 'Task link') => {
  await click(page, 'Share')
  await share(page).getByRole('radio', { name: kind }).check({ force: true })
}
const closeShare = (page: Page) => share(page).getByRole('button', { name: 'Close' }).click()

const openViewer = async (page: Page) => {
  await page
    .getByRole('button', { name: /^Preview/ })
    .first()
    .click()
  const viewer = page.getByRole('dialog')
  await expect(viewer.getByRole('img').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(viewer).toHaveCount(0)
}

const CASES: readonly Case[] = [
  { api: klass('BroadcastChannel'), faults: ALL },
  { api: functions('navigator.locks', 'request'), faults: ALL },
  { api: { kind: 'storage', name: 'localStorage' }, faults: ['missing', 'throwing', 'rejecting'] },
  {
    api: { kind: 'storage', name: 'sessionStorage' },
    faults: ['missing', 'throwing', 'rejecting'],
  },
  { api: { kind: 'database', name: 'indexedDB' }, faults: ALL },
  { api: functions('navigator.storage', 'persist'), faults: ALL },
  {
    api: functions('navigator.clipboard', 'writeText'),
    faults: ALL,
    also: async (page) => {
      await openShare(page)
      await share(page).getByRole('button', { name: 'Copy link' }).click()
      await expect(share(page).getByText('did not allow copying')).toBeVisible()
      await closeShare(page)
    },
  },
  {
    api: functions('navigator.share'),
    faults: ALL,
    also: async (page, fault) => {
      await openShare(page)
      const pass = share(page).getByRole('button', { name: 'Pass on' })
      if (fault === 'missing') await expect(pass).toHaveCount(0)
      else await pass.click()
      if (fault === 'throwing' || fault === 'rejecting')
        await expect(share(page).getByText('could not pass the link on')).toBeVisible()
      await closeShare(page)
    },
  },
  {
    api: klass('Notification'),
    faults: ALL,
    also: async (page, fault) => {
      await page.getByRole('link', { name: 'All tasks' }).click()
      const choice = page.getByRole('switch', { name: 'Notifications' })
      if (fault === 'missing') await expect(choice).toHaveCount(0)
      else await choice.click()
      await page.goBack()
    },
  },
  {
    api: functions('showDirectoryPicker'),
    faults: ALL,
    also: async (page, fault) => {
      if (fault === 'missing') {
        return expect(page.getByText('cannot save into a folder by itself')).toBeVisible()
      }
      await click(page, 'Save into a folder')
      if (fault !== 'hanging')
        await expect(page.getByText('The browser did not allow that folder.')).toBeVisible()
    },
  },
  { api: klass('ResizeObserver'), faults: ALL, also: openViewer },
  { api: functions('matchMedia'), faults: AT_ONCE, also: openViewer },
  { api: functions('HTMLImageElement.prototype', 'decode'), faults: ALL, also: openViewer },
  { api: functions('HTMLDialogElement.prototype', 'showModal'), faults: AT_ONCE, also: openViewer },
  { api: functions('Element.prototype', 'checkVisibility'), faults: AT_ONCE },
  { api: functions('Element.prototype', 'setPointerCapture'), faults: AT_ONCE },
  { api: functions('crypto', 'getRandomValues'), faults: AT_ONCE },
  {
    api: functions('crypto.subtle', 'importKey', 'deriveKey', 'encrypt'),
    faults: ALL,
    also: async (page, fault) => {
      await openShare(page, 'Snapshot')
      const lock = share(page).getByRole('checkbox', { name: /passphrase/ })
      if (fault === 'missing') await expect(lock).toBeDisabled()
      else {
        await lock.check()
        await share(page).getByRole('textbox', { name: 'Passphrase' }).fill('four words')
        if (fault !== 'hanging') await expect(share(page).getByRole('alert')).toBeVisible()
      }
      await closeShare(page)
    },
  },
  ...(['CompressionStream', 'DecompressionStream'] as const).map((name) => ({
    api: klass(name),
    faults: ['missing', 'throwing', 'hanging'] as const,
    also: async (page: Page) => {
      await openShare(page, 'Snapshot')
      await expect(share(page).getByRole('alert')).toBeVisible()
      await closeShare(page)
    },
  })),
  {
    api: functions('createImageBitmap'),
    faults: ALL,
    also: async (page, fault) => {
      await page
        .getByRole('button', { name: /^Verify/ })
        .first()
        .click()
      if (fault !== 'hanging') await expect(page.getByText(/^Not verified/)).toBeVisible()
    },
  },
  {
    api: klass('OffscreenCanvas'),
    faults: AT_ONCE,
    also: async (page) => {
      await page
        .getByRole('button', { name: /^Verify/ })
        .first()
        .click()
      await expect(page.getByText(/^The file differs/)).toBeVisible()
    },
  },
  { api: functions('URL.createObjectURL'), faults: AT_ONCE },
  {
    api: functions('print'),
    faults: AT_ONCE,
    also: async (page) => {
      await openShare(page)
      for (const _ of [1, 2])
        await share(page)
          .getByRole('button', { name: /^Print/ })
          .click()
      await closeShare(page)
    },
  },
]

/** Somebody who has never been here gives the key, watches a task, and finds it on the list. */
async function doTheMainJob(browser: Browser, url: string, { api, also }: Case, fault: Fault) {
  const context = await browser.newContext({ baseURL: url })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await breakApi(page, api, fault)
  const id = `sentinel-processed~${fault}-${nameOf(api).replaceAll('.', '-')}`
  await page.goto(`/tasks/${id}`)
  await click(page, 'Use the sandbox key')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  await also?.(page, fault)
  await page.getByRole('link', { name: 'All tasks' }).click()
  await expect(rows(page)).toContainText('Processed')
  expect(errors).toEqual([])
  await context.close()
}

for (const one of CASES) {
  test.describe(nameOf(one.api), () => {
    for (const fault of one.faults) {
      test(`${fault}: the main job is done`, async ({ browser, server }) => {
        await doTheMainJob(browser, server.url, one, fault)
      })
    }
  })
}

test('all that the lint keeps behind doors is in the list above', async () => {
  const rules = await readFile(new URL('../tools/lint/browser.grit', import.meta.url), 'utf8')
  const guarded = [...rules.matchAll(/^ {2}`(?:\$_\.)?(\w+)/gm)].map(([, name = '']) => name)
  expect(guarded.length).toBeGreaterThan(15)
  const broken = CASES.map(({ api }) => JSON.stringify(api)).join()
  expect(guarded.filter((name) => !broken.includes(name))).toEqual([])
})
