import { writeFile } from 'node:fs/promises'
import { defineConfig, type Plugin } from 'vite'

/** Cloudflare compresses responses itself, so the files compressed for Node are not uploaded. */
const withoutCompressed = (): Plugin => ({
  name: 'without-compressed',
  writeBundle: () => writeFile(new URL('dist/.assetsignore', import.meta.url), '*.br\n*.gz\n'),
})

/** The Worker (server/worker.ts) as a single module, ready for Cloudflare's wrangler. */
export default defineConfig({
  plugins: [withoutCompressed()],
  publicDir: false,
  ssr: {
    target: 'webworker',
    noExternal: true,
    // Node modules that the runtime provides (nodejs_compat).
    external: ['node:crypto'],
    resolve: { conditions: ['workerd', 'worker', 'module', 'browser', 'production'] },
  },
  build: {
    ssr: 'server/worker.ts',
    outDir: 'dist-worker',
    target: 'es2023',
    minify: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
