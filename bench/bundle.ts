import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig, type Rolldown } from 'vite'

/*
 * First-load size of the task page, compared with a floor: React, React Query and the router
 * alone in a minimal program. JavaScript, gzip -9.
 */

const LIMIT_KB = 120
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const FLOOR = `
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Link, Route, Routes, useParams, useNavigate } from 'react-router'
function Page() {
  const { id } = useParams(); const go = useNavigate()
  const { data } = useQuery({ queryKey: [id], queryFn: () => id })
  return <Link to="/" onClick={() => go('/')}>{data}</Link>
}
createRoot(document.body).render(
  <QueryClientProvider client={new QueryClient()}><BrowserRouter><Routes>
    <Route path="/:id" element={<Page />} />
  </Routes></BrowserRouter></QueryClientProvider>)
`

type Chunk = Rolldown.OutputChunk
type Part = Chunk | Rolldown.OutputAsset

async function partsOf(config: InlineConfig): Promise<Part[]> {
  const built = await build({
    logLevel: 'silent',
    ...config,
    build: { ...config.build, write: false },
  })
  const outputs = Array.isArray(built) ? built : [built]
  return outputs.flatMap((output) => ('output' in output ? output.output : []))
}

/**
 * Scripts in and of the HTML of a task's page (or else the entry) and their static imports: what
 * runs before it shows anything of the task. Parts that follow do not count.
 */
function firstLoad(parts: readonly Part[]): string[] {
  const chunks = parts.filter((part): part is Chunk => part.type === 'chunk')
  const html = parts.find(({ fileName }) => fileName === 'tasks.html')
  const text = html?.type === 'asset' ? String(html.source) : null
  const inlined = /<script[^>]*>(.+?)<\/script>/s.exec(text ?? '')?.[1]
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const loaded = new Set<Chunk>()
  const add = (chunk: Chunk | undefined) => {
    if (chunk === undefined || loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) add(byName.get(name))
  }
  const isFirst = ({ fileName, isEntry }: Chunk) => text?.includes(`src="/${fileName}"`) ?? isEntry
  for (const chunk of chunks) if (isFirst(chunk)) add(chunk)
  if (loaded.size === 0) throw new Error('nothing was found that is loaded at first')
  return [...(inlined === undefined ? [] : [inlined]), ...Array.from(loaded, ({ code }) => code)]
}

const sizeOf = (scripts: readonly string[]) =>
  scripts.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0) / 1000

const floorFolder = await mkdtemp(join(tmpdir(), 'loupe-floor-'))
try {
  await writeFile(join(floorFolder, 'floor.tsx'), FLOOR)
  const floor = sizeOf(
    firstLoad(
      await partsOf({
        configFile: false,
        root: ROOT,
        plugins: [react()],
        resolve: { dedupe: ['react', 'react-dom', 'react-router', '@tanstack/react-query'] },
        build: { rolldownOptions: { input: join(floorFolder, 'floor.tsx') } },
      }),
    ),
  )
  const parts = await partsOf({ root: ROOT })
  const total = sizeOf(firstLoad(parts))
  const worker = parts.find(({ fileName }) => fileName === 'sw.js')
  const row = (name: string, kb: number) =>
    process.stdout.write(
      `${name.padEnd(52)}${kb.toFixed(1).padStart(7)} KB  ${(kb / floor).toFixed(2)} x floor\n`,
    )
  row('floor: React, React Query, router alone', floor)
  row('task page, first load', total)
  if (worker?.type === 'asset') {
    row('service worker, after it, not compressed', Buffer.byteLength(worker.source) / 1000)
  }
  process.stdout.write(`limit ${LIMIT_KB} KB: ${total <= LIMIT_KB ? 'kept' : 'BROKEN'}\n`)
  if (total > LIMIT_KB) process.exitCode = 1
} finally {
  await rm(floorFolder, { recursive: true, force: true })
}
