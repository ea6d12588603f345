/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'

/**
 * Vite's own way to load a part first loads its styles. Here these are all in the one file of the page
 * (cssCodeSplit), so a part is imported as it is, and each page comes without that code.
 */
const lazyPartsAlone = (): Plugin => ({
  name: 'lazy-parts-alone',
  apply: 'build',
  enforce: 'pre',
  load: {
    filter: { id: /^\0vite\/preload-helper\.js$/ },
    handler: () => 'export const __vitePreload = (load) => load()',
  },
})

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    lazyPartsAlone(),
    // Made once here, so that the server never compresses while somebody waits.
    compression({ algorithms: ['gzip', 'brotliCompress'], threshold: 1024 }),
  ],
  resolve: {
    alias: {
      // Its package names only the development build, whose warnings nobody reads in production.
      'react-router': fileURLToPath(
        new URL('node_modules/react-router/dist/production/index.mjs', import.meta.url),
      ),
    },
  },
  build: {
    // The page's policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    // Later pages are small and load alone; what would load ahead of them costs more than it saves.
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // All that the page loads at first, in one: what later parts share with it would otherwise be
          // split off in crumbs, which compress badly.
          groups: [{ name: 'first', test: /src\/main\.tsx$/ }],
        },
      },
    },
  },
  // Worktrees and browsers of the tests.
  server: { watch: { ignored: ['**/.cache/**'] } },
  test: {
    include: ['{src,server,bench,e2e}/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['tools/fixed-seed.ts'],
    // Vitest would leave a processor idle, which is half of two.
    maxWorkers: '100%',
    // Only what hangs: on a busy machine a test that computes for two seconds was seen to take 25.
    testTimeout: 60_000,
  },
})
