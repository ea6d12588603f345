import type { Browser, BrowserContext } from 'playwright'

export interface Figures {
  /** First and largest contentful paint, ms. */
  readonly fcp: number
  readonly lcp: number
  /** Cumulative layout shift. */
  readonly cls: number
  /** Total blocking time, ms: what each task of the main thread takes beyond 50 ms. */
  readonly tbt: number
  /** Longest chain of files after the HTML, before the first render. */
  readonly depth: number
  /** Of files that arrived before the first render; all, and scripts. */
  readonly kb: number
  readonly jsKb: number
}

const SLOW_PHONE = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}

const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true }

/** Time after which nothing of a page is expected any more. */
const SETTLED_MS = 1500

interface File {
  readonly depth: number
  readonly requestedAt: number
  arrivedAt: number
  readonly isScript: boolean
  bytes: number
}

interface Measured {
  fcp: number
  lcp: number
  cls: number
  tbt: number
  /** Epoch milliseconds of the render that replaced the content of the HTML. */
  renderedAt: number
}

/** Loads a page in a new profile, or a second time in a new tab, from the service worker. */
export async function load(
  browser: Browser,
  url: string,
  key: string | null,
  visit: 'first' | 'second' = 'first',
): Promise<Figures> {
  const context = await browser.newContext(PHONE)
  if (visit === 'second') await install(context, url)
  // tsx calls a helper to name functions, which pages do not have.
  await context.addInitScript('globalThis.__name = (it) => it')
  if (key !== null) {
    await context.addInitScript((value) => sessionStorage.setItem('loupe:api-key', value), key)
  }
  await context.addInitScript(observe)
  const page = await context.newPage()
  const client = await context.newCDPSession(page)
  const files = new Map<string, File>()
  const byRequest = new Map<string, string>()
  /** Epoch milliseconds of the browser's own clock at 0. */
  let clock = 0
  client.on('Network.requestWillBeSent', (event) => {
    const { requestId, request, initiator, type, wallTime, timestamp } = event
    clock = (wallTime - timestamp) * 1000
    byRequest.set(requestId, request.url)
    if (files.has(request.url)) return
    const by = initiator.url ?? initiator.stack?.callFrames[0]?.url
    const isData = !['Document', 'Script', 'Stylesheet', 'Font'].includes(type ?? '')
    files.set(request.url, {
      depth: isData ? 0 : ((by === undefined ? undefined : files.get(by)?.depth) ?? -1) + 1,
      requestedAt: wallTime * 1000,
      arrivedAt: Number.POSITIVE_INFINITY,
      isScript: type === 'Script',
      bytes: 0,
    })
  })
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
    const file = files.get(byRequest.get(requestId) ?? '')
    if (file === undefined) return
    file.bytes += encodedDataLength
    file.arrivedAt = Math.min(file.arrivedAt, clock + timestamp * 1000)
  })
  await client.send('Network.enable')
  await client.send('Network.emulateNetworkConditions', SLOW_PHONE)
  await client.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.waitForTimeout(SETTLED_MS)
  const measured = await page.evaluate(() => (window as unknown as { measured: Measured }).measured)
  await context.close()
  const { fcp, lcp, cls, tbt, renderedAt } = measured
  const first = [...files.values()].filter(({ requestedAt }) => requestedAt < renderedAt)
  const arrived = first.filter(({ arrivedAt }) => arrivedAt < renderedAt)
  const kbOf = (list: typeof first) => list.reduce((sum, { bytes }) => sum + bytes, 0) / 1000
  return {
    fcp,
    lcp,
    cls,
    tbt,
    depth: Math.max(...first.map(({ depth }) => depth)),
    kb: kbOf(arrived),
    jsKb: kbOf(arrived.filter(({ isScript }) => isScript)),
  }
}

/** Visits a page until the service worker has stored all files. */
async function install(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.close()
}

/** Runs in the page, before its own scripts. */
function observe(): void {
  const measured: Measured = { fcp: 0, lcp: 0, cls: 0, tbt: 0, renderedAt: 0 }
  Object.assign(window, { measured })
  const on = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    })
  on('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') measured.fcp = startTime
  })
  on('largest-contentful-paint', ({ startTime }) => {
    measured.lcp = startTime
  })
  on('layout-shift', (entry) => {
    measured.cls += (entry as unknown as { value: number }).value
  })
  on('longtask', ({ duration }) => {
    measured.tbt += Math.max(0, duration - 50)
  })
  let inHtml: Element | null = null
  const observer = new MutationObserver(() => {
    const root = document.getElementById('root')
    inHtml ??= root?.firstElementChild ?? null
    if (inHtml === null || inHtml.isConnected || !root?.hasChildNodes()) return
    measured.renderedAt = performance.timeOrigin + performance.now()
    observer.disconnect()
  })
  observer.observe(document, { childList: true, subtree: true })
}

export const median = (all: readonly Figures[]): Figures => {
  const of = (name: keyof Figures) =>
    all.map((one) => one[name]).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  return {
    fcp: of('fcp'),
    lcp: of('lcp'),
    cls: of('cls'),
    tbt: of('tbt'),
    depth: of('depth'),
    kb: of('kb'),
    jsKb: of('jsKb'),
  }
}
