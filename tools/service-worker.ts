import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'
import type { PrecacheEntry } from 'workbox-precaching'
import { isHashedPath } from '../core/lib/site-paths.ts'

const WORKER = fileURLToPath(new URL('../src/service-worker/service-worker.ts', import.meta.url))

const WORKER_URL = '/sw.js'

/** Scripts in which few names of tasks are written. Devices have fonts of their own for them. */
const RARE_FONT = /-(?:cyrillic|cyrillic-ext|symbols2?|vietnamese)-/

/** Builds the service worker with the list of all files that the pages need. */
export const serviceWorker = (): Plugin[] => [
  {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      // When all other files are complete, and compressed. The worker is not: Firefox takes a
      // compressed response that broke off as whole, and nothing at all is a valid script.
      order: 'post',
      async handler(_, bundle) {
        // The builds of the server and of benchmarks have none.
        if (bundle['index.html'] === undefined) return
        const { publicDir } = this.environment.config
        const own = Object.values(bundle).flatMap(built)
        for (const file of await bundled([...own, ...(await fixed(publicDir))])) {
          const source = file.type === 'chunk' ? file.code : file.source
          this.emitFile({ type: 'asset', fileName: file.fileName, source })
        }
      },
    },
  },
  {
    name: 'no-service-worker-in-development',
    apply: 'serve',
    // Otherwise a page. 404 removes the worker of a build that was served at the same URL before.
    configureServer: ({ middlewares }) => {
      middlewares.use(WORKER_URL, (_, response) => void response.writeHead(404).end())
    },
  },
]

/** With its integrity, since half a file, which some browsers take as whole, would be kept. */
function entryOf(url: string, content: string | Uint8Array): PrecacheEntry {
  const hash = createHash('sha256').update(content).digest()
  return {
    url,
    revision: isHashedPath(url) ? null : hash.toString('hex').slice(0, 16),
    integrity: `sha256-${hash.toString('base64')}`,
  }
}

function built(file: Rolldown.OutputAsset | Rolldown.OutputChunk): PrecacheEntry[] {
  if (/\.(?:br|gz)$/.test(file.fileName)) return []
  const url = `/${file.fileName}`
  const content = file.type === 'chunk' ? file.code : file.source
  if (file.fileName.startsWith('assets/')) {
    const isRare = file.type === 'asset' && file.originalFileNames.some((it) => RARE_FONT.test(it))
    return isRare ? [] : [entryOf(url, content)]
  }
  return file.fileName.endsWith('.html') ? [entryOf(url, content)] : []
}

/** Files without a hash in their names. */
async function fixed(publicDir: string): Promise<PrecacheEntry[]> {
  const names = await readdir(join(publicDir, 'pictures'), { recursive: true })
  const pictures = names
    .filter((name) => name.endsWith('.webp'))
    .sort()
    .map((name) => `pictures/${name}`)
  return Promise.all(
    ['favicon.svg', ...pictures].map(async (name) =>
      entryOf(`/${name.replaceAll(sep, '/')}`, await readFile(join(publicDir, name))),
    ),
  )
}

/** A classic script: not every browser has service workers that are modules. */
async function bundled(entries: readonly PrecacheEntry[]) {
  const { output } = (await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    define: { 'self.__WB_MANIFEST': JSON.stringify(entries) },
    build: {
      write: false,
      license: { fileName: 'sw-licenses.md' },
      rolldownOptions: {
        input: WORKER,
        output: { format: 'iife', entryFileNames: WORKER_URL.slice(1) },
      },
    },
  })) as Rolldown.RolldownOutput
  return output
}
