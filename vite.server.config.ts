import { cp } from 'node:fs/promises'
import { defineConfig, type Plugin } from 'vite'

const copy = (from: string, to: string): Promise<void> =>
  cp(new URL(from, import.meta.url), new URL(`dist-server/${to}`, import.meta.url), {
    recursive: true,
  })

/** Files that the server reads at runtime (server/openapi-file.ts, server/sandbox/images.ts). */
const withFiles = (): Plugin => ({
  name: 'with-files',
  async writeBundle() {
    await copy('server/openapi.yaml', 'openapi.yaml')
    await copy('server/sandbox/images', 'images')
  },
})

/**
 * The Node server (server/main.ts) as plain JavaScript, which starts in a third of the time of
 * its TypeScript.
 */
export default defineConfig({
  plugins: [withFiles()],
  publicDir: false,
  ssr: {
    noExternal: true,
    // They load native code from their own folders.
    external: ['libsql', 'sharp'],
  },
  build: {
    ssr: 'server/main.ts',
    outDir: 'dist-server',
    target: 'node20',
    minify: false,
    license: { fileName: 'licenses.md' },
    // All chunks beside those files, since they are found relative to the module that reads them.
    rolldownOptions: { output: { chunkFileNames: '[name]-[hash].js' } },
  },
})
