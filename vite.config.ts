/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { firstPaint } from './tools/first-paint/first-paint.ts'
import { chunkGroups } from './tools/first-paint/parts.ts'
import { serviceWorker } from './tools/service-worker.ts'
import { smallerPackages } from './tools/smaller-packages.ts'

/**
 * Vite's own loader for lazy chunks loads their styles first. Here all styles are in the one CSS
 * file of the page (cssCodeSplit), so chunks are imported directly, and no page needs that code.
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

const TESTS = '{core,src,server,test,bench,e2e}/**/*.test.ts'

/** Tests that replace a module, or something that a module reads when it is loaded. */
const REPLACING = [
  'src/lib/browser/lasting.test.ts',
  'src/tasks/poller*.test.ts',
  'src/tasks/faulty-browser.test.ts',
  'src/tasks/silent-storage.test.ts',
]

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    lazyPartsAlone(),
    smallerPackages(),
    firstPaint(),
    serviceWorker(),
    // Compressed here, so that the server never compresses during a request.
    // Tests that build look at the files themselves.
    process.env.VITEST === undefined &&
      compression({ algorithms: ['gzip', 'brotliCompress'], threshold: 1024 }),
  ],
  resolve: {
    alias: {
      // The package's exports point at the development build, whose warnings nobody reads in
      // production.
      'react-router': fileURLToPath(
        new URL('node_modules/react-router/dist/production/index.mjs', import.meta.url),
      ),
    },
  },
  build: {
    // The page's Content-Security-Policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    // before-paint.ts preloads what the page needs.
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    sourcemap: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // Parts that load together are in one chunk (PARTS), whoever imports them.
      checks: { ineffectiveDynamicImport: false },
      output: {
        // Named by hash alone: content blockers match words such as "share" in a URL.
        entryFileNames: 'assets/[hash].js',
        chunkFileNames: 'assets/[hash].js',
        assetFileNames: 'assets/[hash][extname]',
        hashCharacters: 'hex',
        codeSplitting: { groups: chunkGroups() },
      },
    },
  },
  // Worktrees and browsers used by the tests.
  server: { watch: { ignored: ['**/.cache/**'] } },
  test: {
    environment: 'node',
    setupFiles: ['tools/each-test-file.ts'],
    // By default Vitest leaves one processor idle, which is half of two.
    maxWorkers: '100%',
    // Only catches tests that hang: on a busy machine, a test that computes for two seconds was
    // seen to take 25.
    testTimeout: 60_000,
    projects: [
      // Modules are loaded once for all test files of a process, which takes a third less time
      // overall.
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: [TESTS], exclude: REPLACING },
      },
      { extends: true, test: { name: 'alone', include: REPLACING } },
    ],
  },
})
