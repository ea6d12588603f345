/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
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
    reportCompressedSize: false,
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What nearly every part needs would otherwise come in crumbs, which compress badly.
          groups: [
            {
              name: 'shared',
              test: /src\/(lib\/(clock|units|result|safe-text|paths)|components\/button)\.tsx?$|react\/(cjs\/react-jsx-runtime|jsx-runtime)|lucide-react\/dist\/esm\/(Icon|createLucideIcon|shared)/,
            },
          ],
        },
      },
    },
  },
  test: {
    include: ['{src,server,bench}/**/*.test.ts'],
    environment: 'node',
    // The first test of a file may have to make a sandbox, and the machine may be busy.
    testTimeout: 20_000,
  },
})
