import type { LaunchOptions } from '@playwright/test'

/**
 * On Linux x64 the browser comes out of an npm package, pinned by the lock file: no download, no
 * root, the same pixels everywhere. Elsewhere it is Playwright's own (`npx playwright install chromium`).
 */
export async function launchOptions(): Promise<{ launchOptions: LaunchOptions }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { launchOptions: {} }
  const { default: chromium } = await import('@sparticuz/chromium')
  return {
    launchOptions: {
      executablePath: await chromium.executablePath(),
      // The browser of the package has no setuid helper to sandbox itself with.
      args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
    },
  }
}
