import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type LaunchOptions } from 'playwright'

/** A name that the browser does not take for this very machine, though it is. */
const NAMES = ['--host-resolver-rules=MAP loupe.test 127.0.0.1'] as const

/**
 * What Chromium's own pixel tests use: images are drawn at once and whole, not over an unfinished
 * tile, and by the same code on every processor.
 */
const STEADY = [
  '--disable-checker-imaging',
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
] as const

/** What tests keep from one run to the next. Git ignores it. */
export const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url))

/**
 * On Linux x64 the browser comes out of an npm package, pinned by the lock file: no download, no
 * root. Elsewhere it is Playwright's own (`npx playwright install chromium`).
 */
export async function launchOptions(): Promise<LaunchOptions> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { args: [...STEADY, ...NAMES] }
  }
  const folder = await unpackedBrowser()
  const options = {
    executablePath: join(folder, 'chromium'),
    // The browser of the package has no setuid helper to sandbox itself with.
    args: ['--no-sandbox', '--disable-gpu', ...STEADY, ...NAMES],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
  await startOnce(folder, options)
  return options
}

/**
 * The package's browser, in a folder of its version. It is unpacked aside and renamed, so the folder is
 * whole or absent, whoever else unpacks at the same time.
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

/** The package unpacks into the system's temporary folder only, and takes what lies there already. */
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
 * The fonts in the browser's package and no others: what Geist lacks would be drawn by whatever this
 * machine has. They have no letters of China, Japan and Korea, which are boxes in the images.
 */
const fontSettings = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`

/** The first start writes the font cache. Browsers that start side by side later only read it. */
async function startOnce(folder: string, options: LaunchOptions): Promise<void> {
  const done = join(folder, 'started')
  if (existsSync(done)) return
  const browser = await chromium.launch(options)
  const page = await browser.newPage()
  await page.setContent(
    '<p style="font-family: sans-serif">Fonts are looked up where text is drawn.',
  )
  await page.screenshot()
  await browser.close()
  await writeFile(done, '')
}
