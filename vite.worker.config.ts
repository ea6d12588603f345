import { writeFile } from 'node:fs/promises'
import { defineConfig, type Plugin } from 'vite'

/** Cloudflare compresses on the way: what was compressed ahead, for Node, is not uploaded. */
const withoutCompressed = (): Plugin => ({
  name: 'without-compressed',
  writeBundle: () => writeFile(new URL('dist/.assetsignore', import.meta.url), '*.br\n*.gz\n'),
})

/** The Worker (server/worker.ts) as one module, which Cloudflare's wrangler takes as it is. */
export default defineConfig({
  plugins: [withoutCompressed()],
  publicDir: false,
  ssr: {
    target: 'webworker',
    noExternal: true,
    // What of Node the runtime has itself (nodejs_compat).
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
