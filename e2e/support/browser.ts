import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type LaunchOptions } from 'playwright'

/** A host name that the browser does not treat as loopback, although it resolves to this machine. */
const NAMES = ['--host-resolver-rules=MAP loupe.test 127.0.0.1'] as const

/**
 * The flags of Chromium's own pixel tests: images are drawn at once and complete, not over an
 * unfinished tile, and by the same code on every processor.
 */
const STEADY = [
  '--disable-checker-imaging',
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
] as const

/** Cache that survives from one test run to the next. Ignored by Git. */
export const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url))

/**
 * On Linux x64 the browser comes from an npm package, pinned by the lock file: no download, no
 * root. Elsewhere it is Playwright's own (`npx playwright install chromium`).
 */
export async function launchOptions(): Promise<LaunchOptions> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { args: [...STEADY, ...NAMES] }
  }
  const folder = await unpackedBrowser()
  const options = {
    executablePath: join(folder, 'chromium'),
    args: [
      // The packaged browser has no setuid helper for its own sandbox.
      '--no-sandbox',
      '--disable-gpu',
      // With a separate GPU process, 9 of 1,606 starts on a busy machine could not take their
      // first screenshot ("Unable to capture screenshot"); without one, 0 of 729.
      '--in-process-gpu',
      ...STEADY,
      ...NAMES,
    ],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
  await startOnce(folder, options)
  return options
}

/** Maximum number of starts of a browser that is killed by a signal before it responds. */
export const STARTS = 3

/**
 * Starts a browser. On a busy machine Chromium crashes with SIGSEGV at startup, before it has a
 * page, about once in a few hundred starts: then it is started again, with a warning. No other
 * error is retried.
 */
export async function startBrowser(options: LaunchOptions): Promise<Browser> {
  for (let start = 1; ; start++) {
    try {
      return await chromium.launch(options)
    } catch (error) {
      if (start === STARTS || !/signal=SIG(SEGV|BUS|ILL|TRAP|ABRT)/.test(String(error))) throw error
      console.warn(`The browser crashed at its start ${start} of ${STARTS}: it is started again.`)
    }
  }
}

/**
 * The packaged browser, in a folder named by its version. It is unpacked into a temporary folder
 * and renamed, so the folder is complete or absent, even if other processes unpack at the same
 * time.
 */
async function unpackedBrowser(): Promise<string> {
  const manifest = new URL('../../package.json', import.meta.resolve('@sparticuz/chromium'))
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const folder = join(CACHE, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const aside = await mkdtemp(join(CACHE, 'unpacking-'))
  await unpackInto(aside)
  await writeFile(join(aside, 'fonts.conf'), fontSettings(folder))
  await rename(aside, folder).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true })
    // Another process was faster.
    if (!existsSync(folder)) throw error
  })
  for (const other of await readdir(CACHE)) {
    if (other.startsWith('chromium-') && other !== `chromium-${version}`) {
      await rm(join(CACHE, other), { recursive: true, force: true })
    }
  }
  return folder
}

/**
 * The package only unpacks into the system's temporary folder, and reuses files that are already
 * there.
 */
async function unpackInto(folder: string): Promise<void> {
  const { default: packaged } = await import('@sparticuz/chromium')
  const { TMPDIR } = process.env
  process.env.TMPDIR = folder
  try {
    await packaged.executablePath()
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}

/**
 * Limits fonts to those in the browser's package: characters that Geist lacks would otherwise be
 * drawn with the fonts of this machine. The package has no CJK fonts, so CJK characters are boxes
 * in the images.
 */
const fontSettings = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`

/** The first start writes the font cache. Browsers that start in parallel later only read it. */
async function startOnce(folder: string, options: LaunchOptions): Promise<void> {
  const done = join(folder, 'started')
  if (existsSync(done)) return
  const browser = await startBrowser(options)
  const page = await browser.newPage()
  await page.setContent(
    '<p style="font-family: sans-serif">Fonts are looked up where text is drawn.',
  )
  await page.screenshot()
  await browser.close()
  await writeFile(done, '')
}
