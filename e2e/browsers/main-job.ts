import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addressOf, DEFAULT_AT } from '../../src/pages/gallery/address.ts'
import type { SandboxClient } from '../support/fixtures.ts'
import { type Browser, type Engine, PATIENCE, type Tab } from './engine.ts'

/* All that a person does with a task, in any browser, and what was once seen to fail in one of them. */

export interface Job {
  readonly engine: Engine
  readonly url: string
  readonly sandbox: SandboxClient
  /** Of the sandbox: its key, and a task at work. */
  readonly key: string
  readonly taskId: string
  /** Where the browser puts what it downloads. */
  readonly folder: string
  readonly browser: Browser
  /** Of somebody else, in which nothing was done yet. */
  readonly elsewhere: Browser
  /** The one that was opened last. */
  tab: Tab
  snapshot: string
}

const named = (name: string) =>
  `//*[self::button or self::a][normalize-space()='${name}' or starts-with(@aria-label, '${name}')]`
const labelled = (name: string) => `//*[@id=//label[normalize-space()='${name}']/@for]`
const FIELD = labelled('Task id or link')

/** Resolves with the first value that is neither null, false nor ''. */
async function until<T>(what: string, look: () => Promise<T>): Promise<NonNullable<T>> {
  for (const end = Date.now() + PATIENCE; ; await sleep(50)) {
    const found = await look()
    if (found) return found
    assert(Date.now() < end, `Waited in vain for ${what}`)
  }
}

const textOf = (tab: Tab) => tab.evaluate(() => document.body.innerText)

async function shows(tab: Tab, text: string): Promise<void> {
  let all = ''
  const look = async () => {
    all = await textOf(tab)
    return all.includes(text)
  }
  await until(text, look).catch((error: Error) => {
    throw new Error(`${error.message}. The page says: ${all}`)
  })
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function hashesIn(folder: string): Promise<readonly string[]> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  // What is not whole yet may have another name before it is read.
  return Promise.all(paths.map((path) => readFile(path).then(sha, () => '')))
}

export const STEPS: Readonly<Record<string, (job: Job) => Promise<void>>> = {
  'takes the key, and opens an ID that is typed': async ({ tab, url, key, taskId }) => {
    await tab.goto(url)
    await tab.type(labelled('API key'), key)
    await tab.click(named('Continue'))
    await tab.type(FIELD, taskId)
    await tab.click(named('Watch'))
    await shows(tab, 'Enhancing')
  },

  'in a second tab, which takes over, sees the end and the credits': async (job) => {
    const { browser, url, taskId, sandbox } = job
    const first = job.tab
    job.tab = await browser.newTab()
    await job.tab.goto(`${url}/tasks/${taskId}`)
    await shows(job.tab, 'Enhancing')
    await first.close()
    await shows(job.tab, '10 credits deducted')
    const { ledger } = await sandbox.state()
    assert.equal(ledger.filter((row) => row.taskId === taskId).length, 1)
  },

  'saves the very file': async ({ tab, folder }) => {
    const link = await until('a link to the file', () =>
      tab.evaluate(() => document.querySelector<HTMLAnchorElement>('a[download]')?.href ?? null),
    )
    const hash = sha(new Uint8Array(await (await fetch(link)).arrayBuffer()))
    await tab.click(named('Download'))
    await until('the file', async () => (await hashesIn(folder)).includes(hash))
    await shows(tab, 'Verified')
  },

  'shows the picture in full': async ({ tab }) => {
    await tab.click(named('Preview'))
    await until('the picture', () =>
      tab.evaluate(() => {
        const image = document.querySelector<HTMLImageElement>('dialog[open] img')
        return image?.complete === true && image.naturalWidth > 1000
      }),
    )
    await tab.click(`//dialog${named('Close')}`)
  },

  'makes a snapshot': async (job) => {
    await job.tab.click(named('Share'))
    await job.tab.click("//dialog//label[normalize-space()='Snapshot']")
    job.snapshot = await until('its link', () =>
      job.tab.evaluate(() => {
        const fields = [
          ...document.querySelectorAll<HTMLInputElement>('dialog :is(input, textarea)'),
        ]
        return fields.find(({ value }) => value.includes('/snapshot#'))?.value ?? null
      }),
    )
  },

  'shows it to somebody without a key, and asks nothing': async (job) => {
    const { sandbox, taskId, elsewhere, snapshot } = job
    const asked = (await sandbox.state()).requestsByTask[taskId]
    const tab = await elsewhere.newTab()
    await tab.goto(snapshot)
    await shows(tab, 'Not live:')
    await shows(tab, 'Processed')
    assert(!(await textOf(tab)).includes('Forget key'))
    assert.equal(await tab.evaluate(() => sessionStorage.length), 0)
    assert.equal((await sandbox.state()).requestsByTask[taskId], asked)
    await tab.close()
  },

  // WebKit: a tab that is left takes no lock any more.
  'has the task on the list, and after each reload': async ({ tab, url }) => {
    await tab.goto(url)
    await shows(tab, 'Processed')
    for (let n = 0; n < 3; n++) {
      await tab.reload()
      await shows(tab, 'Processed')
    }
  },

  // WebKit: a page that is kept loses its locks.
  'hears of questions where it is gone back to, and takes over from there': async (job) => {
    const { engine, browser, url } = job
    const address = `${url}/tasks/sentinel-enhancing`
    const asking = job.tab
    await asking.goto(address)
    await shows(asking, 'Next question in')
    const tab = await browser.newTab()
    job.tab = tab
    await tab.goto(address)
    await shows(tab, 'Next question in')
    await tab.evaluate(() => document.body.setAttribute('data-kept', ''))
    await tab.goto('about:blank')
    await tab.back()
    const isKept = await tab.evaluate(() => document.body.hasAttribute('data-kept'))
    if (engine.keepsPages) assert(isKept)
    let before = Number.POSITIVE_INFINITY
    await until('a countdown that starts anew', async () => {
      const [, seconds = 0] = /Next question in (\d+) s/.exec(await textOf(tab)) ?? []
      const isNew = Number(seconds) > before
      before = Number(seconds)
      return isNew
    })
    await asking.close()
    await until('the lock of who asks', () =>
      tab.evaluate(async () => {
        const { held = [] } = await navigator.locks.query()
        return held.some(({ name }) => name?.endsWith(':asker'))
      }),
    )
  },

  // WebKit: no field-sizing.
  'has fields as high as what is pasted': async ({ tab, url }) => {
    const grows = async (field: string) => {
      await tab.click(field)
      const height = () => tab.evaluate(() => document.activeElement?.clientHeight ?? 0)
      const before = await height()
      await tab.evaluate(() => void document.execCommand('insertText', false, 'a\nb\nc'))
      await until(`three lines in ${field}`, async () => (await height()) > before + 30)
    }
    await tab.goto(url)
    await grows(FIELD)
    await tab.goto(`${url}/new`)
    await tab.click(named('Use addresses'))
    await grows(labelled('Image addresses'))
  },

  // WebKit: a rem in the line height of the root itself.
  'has the lines of other browsers': async ({ tab }) => {
    const height = await tab.evaluate(() => getComputedStyle(document.body).lineHeight)
    assert.equal(height, '19.25px')
  },

  // Firefox: what was never loaded is not decoded.
  'plays a state of the gallery that decodes a picture': async ({ elsewhere, url }) => {
    const tab = await elsewhere.newTab()
    const at = { theme: 'light', at: DEFAULT_AT, width: null } as const
    await tab.goto(url + addressOf('files-compare', at))
    await until('the stage', () =>
      tab.evaluate(() => document.documentElement.dataset.stage === 'ready'),
    )
  },
}
