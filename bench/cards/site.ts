import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build, type Rolldown } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const TYPES = [
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.woff2', 'font/woff2'],
] as const

const DOCUMENT = `<!doctype html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Cards</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"></head>
<body><script type="module" src="/page.js"></script></body>
</html>`

export interface Site extends AsyncDisposable {
  readonly origin: string
}

/** Builds the page like the app and serves it from memory. Any other path returns the page itself. */
export async function serveCards(): Promise<Site> {
  const files = await buildPage()
  const server = createServer(({ url = '/' }, response) => {
    const body = files.get(url.slice(1))
    const type = TYPES.find(([end]) => url.endsWith(end))?.[1] ?? 'text/html'
    response.writeHead(200, { 'content-type': type }).end(body ?? DOCUMENT)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function buildPage(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const built = (await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    plugins: [react(), tailwindcss()],
    build: {
      write: false,
      assetsInlineLimit: 0,
      // A single style sheet with a known name, whatever the chunks are.
      cssCodeSplit: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('page.tsx', import.meta.url)),
        output: {
          entryFileNames: 'page.js',
          assetFileNames: ({ names }) =>
            names.some((name) => name.endsWith('.css')) ? 'page.css' : 'assets/[name][extname]',
        },
      },
    },
  })) as Rolldown.RolldownOutput
  return new Map(
    built.output.map((part) => [part.fileName, part.type === 'chunk' ? part.code : part.source]),
  )
}
