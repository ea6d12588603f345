import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LaunchOptions } from '@playwright/test'

/** A name that the browser does not take for this very machine, though it is. */
const NAMES = ['--host-resolver-rules=MAP loupe.test 127.0.0.1'] as const

/**
 * What Chromium's own pixel tests use: pictures are drawn at once and whole, not over an unfinished
 * tile, and by the same code on every processor.
 */
const STEADY = [
  '--disable-checker-imaging',
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
] as const

/** Whether browser and fonts come from npm, so that every machine draws the same pixels. */
export const IS_PINNED = process.platform === 'linux' && process.arch === 'x64'

/**
 * On Linux x64 the browser comes out of an npm package, pinned by the lock file: no download, no
 * root, the same pixels everywhere. Elsewhere it is Playwright's own (`npx playwright install chromium`).
 */
export async function launchOptions(): Promise<{ launchOptions: LaunchOptions }> {
  if (!IS_PINNED) return { launchOptions: { args: [...STEADY, ...NAMES] } }
  const { default: chromium } = await import('@sparticuz/chromium')
  return {
    launchOptions: {
      executablePath: await chromium.executablePath(),
      // The browser of the package has no setuid helper to sandbox itself with.
      args: ['--no-sandbox', '--disable-gpu', ...STEADY, ...NAMES],
      env: { ...process.env, FONTCONFIG_FILE: await fontSettings() },
    },
  }
}

/**
 * The fonts in the browser's package and no others: what Geist lacks would be drawn by whatever this
 * machine has. They have no letters of China, Japan and Korea, which are boxes in the pictures.
 */
async function fontSettings(): Promise<string> {
  const folder = join(tmpdir(), 'loupe-fonts')
  const file = join(folder, 'fonts.conf')
  const settings = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${tmpdir()}/fonts</dir><cachedir>${folder}</cachedir></fontconfig>\n`
  if ((await readFile(file, 'utf8').catch(() => null)) === settings) return file
  // Put in place whole: a browser that another worker starts crashes over a file without fonts.
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.${process.pid}`, settings)
  await rename(`${file}.${process.pid}`, file)
  return file
}
