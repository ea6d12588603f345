import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { type Api, breakApi, type Fault } from './support/faulty-browser.ts'
import { downloadMenu } from './support/file-fixtures.ts'
import { credits, expect, test } from './support/fixtures.ts'
import { rows } from './support/list.ts'

/*
 * Every browser API that the app uses, in turn missing, throwing, rejecting and hanging: the main
 * job works each time, and unavailable features are reported or hidden.
 */

const ALL: readonly Fault[] = ['missing', 'throwing', 'rejecting', 'hanging']
/** Synchronous APIs can't reject or hang. */
const SYNC_FAULTS: readonly Fault[] = ['missing', 'throwing']

interface Case {
  readonly api: Api
  readonly faults: readonly Fault[]
  /** Further checks on the task page. */
  readonly also?: (page: Page, fault: Fault) => Promise<void>
}

const functions = (name: string, ...functions: string[]): Api => ({
  kind: 'functions',
  name,
  functions,
})
const classApi = (name: string): Api => ({ kind: 'class', name })

const nameOf = (api: Api): string =>
  [api.name, ...('functions' in api ? api.functions.slice(0, 1) : [])].join('.')

const click = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true }).click()
const share = (page: Page) => page.getByRole('dialog', { name: /^Share / })
const openShare = async (page: Page, kind = 'Private link') => {
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

const openSnapshot = async (page: Page) => {
  await openShare(page, 'Snapshot')
  await expect(share(page).getByRole('alert')).toBeVisible()
  await closeShare(page)
}

/** What tabs and storage depend on: each fails alone. */
const ALONE: readonly Case[] = [
  { api: classApi('BroadcastChannel'), faults: ALL },
  { api: functions('navigator.locks', 'request'), faults: ALL },
  { api: { kind: 'storage', name: 'localStorage' }, faults: ['missing', 'throwing', 'rejecting'] },
  {
    api: { kind: 'storage', name: 'sessionStorage' },
    faults: ['missing', 'throwing', 'rejecting'],
  },
  { api: { kind: 'database', name: 'indexedDB' }, faults: ALL },
]

/** Each feature uses one of its group at most, so they fail together without hiding each other. */
const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  ...Object.fromEntries(ALONE.map((one) => [nameOf(one.api), [one]])),
  'copying, verifying, notifying': [
    { api: functions('navigator.storage', 'persist'), faults: ALL },
    {
      api: functions('navigator.clipboard', 'writeText'),
      faults: ALL,
      also: async (page) => {
        await openShare(page)
        await share(page).getByRole('button', { name: 'Copy link' }).click()
        await expect(share(page).getByText('Couldn’t copy')).toBeVisible()
        await closeShare(page)
      },
    },
    {
      api: classApi('CompressionStream'),
      faults: ['missing', 'throwing', 'hanging'],
      also: openSnapshot,
    },
    {
      api: functions('createImageBitmap'),
      faults: ALL,
      also: async (page, fault) => {
        await downloadMenu(page, 'Verify file')
        if (fault !== 'hanging') await expect(page.getByText(/^Not verified/)).toBeVisible()
      },
    },
    {
      api: classApi('Notification'),
      faults: ALL,
      also: async (page, fault) => {
        await page.getByRole('button', { name: /^API key/ }).click()
        const choice = page.getByRole('menuitemcheckbox', { name: 'Notifications' })
        if (fault !== 'missing') return choice.click()
        await expect(choice).toHaveCount(0)
        await page.keyboard.press('Escape')
      },
    },
  ],
  'sharing, viewing, saving into a folder': [
    {
      api: functions('navigator.share'),
      faults: ALL,
      also: async (page, fault) => {
        await openShare(page)
        const pass = share(page).getByRole('button', { name: 'Share…' })
        if (fault === 'missing') await expect(pass).toHaveCount(0)
        else await pass.click()
        if (fault === 'throwing' || fault === 'rejecting')
          await expect(share(page).getByText('Couldn’t copy')).toBeVisible()
        await closeShare(page)
      },
    },
    {
      api: classApi('DecompressionStream'),
      faults: ['missing', 'throwing', 'hanging'],
      also: openSnapshot,
    },
    { api: classApi('ResizeObserver'), faults: ALL, also: openViewer },
    {
      api: functions('showDirectoryPicker'),
      faults: ALL,
      also: async (page, fault) => {
        await page.getByRole('button', { name: 'More ways to download' }).click()
        const choice = page.getByRole('menuitem', { name: /^Save into a folder…/ })
        if (fault === 'missing') {
          await expect(choice).toBeDisabled()
          return page.keyboard.press('Escape')
        }
        await choice.click()
        if (fault !== 'hanging')
          await expect(page.getByText('The browser didn’t allow that folder.')).toBeVisible()
      },
    },
  ],
  'decoding, encrypting': [
    { api: functions('HTMLImageElement.prototype', 'decode'), faults: ALL, also: openViewer },
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
  ],
  'menus, printing': [
    { api: functions('matchMedia'), faults: SYNC_FAULTS, also: openViewer },
    {
      api: functions('HTMLElement.prototype', 'showPopover'),
      faults: SYNC_FAULTS,
      also: async (page) => {
        await page.getByRole('button', { name: /^API key/ }).click()
        await expect(page.getByRole('menuitem', { name: 'Remove key', exact: true })).toBeVisible()
        await page.keyboard.press('Escape')
      },
    },
    { api: functions('Element.prototype', 'checkVisibility'), faults: SYNC_FAULTS },
    { api: functions('navigator.serviceWorker', 'register'), faults: ALL },
    { api: functions('caches', 'has', 'open', 'delete'), faults: ALL },
    { api: functions('navigator.setAppBadge'), faults: ALL },
    { api: functions('navigator.clearAppBadge'), faults: ALL },
    {
      api: functions('print'),
      faults: SYNC_FAULTS,
      also: async (page) => {
        await openShare(page)
        for (const _ of [1, 2])
          await share(page)
            .getByRole('button', { name: /^Print/ })
            .click()
        await closeShare(page)
      },
    },
  ],
  'dialogs, pixels, random numbers': [
    {
      api: functions('HTMLDialogElement.prototype', 'showModal'),
      faults: SYNC_FAULTS,
      also: openViewer,
    },
    { api: functions('Element.prototype', 'setPointerCapture'), faults: SYNC_FAULTS },
    { api: functions('crypto', 'getRandomValues'), faults: SYNC_FAULTS },
    {
      api: classApi('OffscreenCanvas'),
      faults: SYNC_FAULTS,
      also: async (page) => {
        await downloadMenu(page, 'Verify file')
        await expect(page.getByText(/^Doesn’t match the task/)).toBeVisible()
      },
    },
    { api: functions('URL.createObjectURL'), faults: SYNC_FAULTS },
  ],
}

/** A first-time visitor enters a key, watches a task, and finds it in the list. */
async function runMainJob(browser: Browser, url: string, cases: readonly Case[], fault: Fault) {
  const context = await browser.newContext({ baseURL: url })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  for (const { api } of cases) await breakApi(page, api, fault)
  const first = cases.map(({ api }) => nameOf(api).replaceAll('.', '-'))[0]
  await page.goto(`/tasks/sentinel-processed~${fault}-${first}`)
  await click(page, 'Open the sandbox')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  for (const { api, also } of cases) await test.step(nameOf(api), () => also?.(page, fault))
  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await expect(rows(page)).toContainText('Done')
  expect(errors).toEqual([])
  await context.close()
}

for (const [name, cases] of Object.entries(GROUPS)) {
  for (const fault of ALL) {
    const broken = cases.filter(({ faults }) => faults.includes(fault))
    if (broken.length === 0) continue
    test(`${name} ${fault}: the main job works`, async ({ browser, server }) => {
      await runMainJob(browser, server.url, broken, fault)
    })
  }
}

test('every API that the lint rule restricts is tested above', async () => {
  const rules = await readFile(new URL('../tools/lint/browser.grit', import.meta.url), 'utf8')
  const guarded = [...rules.matchAll(/^ {2}`(?:\$_\.)?(\w+)/gm)].map(([, name = '']) => name)
  expect(guarded.length).toBeGreaterThan(15)
  const broken = JSON.stringify(GROUPS)
  expect(guarded.filter((name) => !broken.includes(name))).toEqual([])
})
