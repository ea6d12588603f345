import { defineConfig } from 'vite'

/** The Worker (server/worker.ts) as one module, which Cloudflare's wrangler takes as it is. */
export default defineConfig({
  publicDir: false,
  ssr: {
    target: 'webworker',
    noExternal: true,
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
