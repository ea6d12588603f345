import type { LaunchOptions } from '@playwright/test'

/** A name that the browser does not take for this very machine, though it is. */
const NAMES = ['--host-resolver-rules=MAP loupe.test 127.0.0.1'] as const

/**
 * On Linux x64 the browser comes out of an npm package, pinned by the lock file: no download, no
 * root, the same pixels everywhere. Elsewhere it is Playwright's own (`npx playwright install chromium`).
 */
export async function launchOptions(): Promise<{ launchOptions: LaunchOptions }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { launchOptions: { args: [...NAMES] } }
  }
  const { default: chromium } = await import('@sparticuz/chromium')
  return {
    launchOptions: {
      executablePath: await chromium.executablePath(),
      // The browser of the package has no setuid helper to sandbox itself with.
      args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', ...NAMES],
    },
  }
}
