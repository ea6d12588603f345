import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/*
 * As fast as a page of this kind can be: React, the router and React Query, Loupe's styles, and a
 * text that is in the HTML already.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = '\0floor.js'

const TEXT =
  'A text in the HTML, as long as the first paragraph of a page usually is, which React renders again.'

const CODE = `
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Link, Route, Routes } from 'react-router'
function Page() {
  const { data } = useQuery({ queryKey: ['text'], queryFn: () => ${JSON.stringify(TEXT)}, initialData: ${JSON.stringify(TEXT)} })
  return h('main', null, h('h1', null, h(Link, { to: '/' }, 'Floor')), h('p', null, data))
}
createRoot(document.getElementById('root')).render(
  h(QueryClientProvider, { client: new QueryClient() },
    h(BrowserRouter, null, h(Routes, null, h(Route, { path: '*', element: h(Page) })))))
`

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Floor</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/page.css"><script type="module" src="/page.js"></script></head>
<body><div id="root"><main><h1><a href="/">Floor</a></h1><p>${TEXT}</p></main></div></body></html>`

/** Loupe's, as built. */
async function styles(): Promise<string> {
  const html = await readFile(join(ROOT, 'dist/index.html'), 'utf8')
  const found = /<style>(.*?)<\/style>/s.exec(html)?.[1]
  if (found === undefined) throw new Error('The build has no styles in its HTML.')
  return found
}

export interface Site extends AsyncDisposable {
  readonly url: string
}

export async function serveFloor(): Promise<Site> {
  const files = new Map([
    ['/', { type: 'text/html', body: brotliCompressSync(HTML) }],
    ['/assets/page.css', { type: 'text/css', body: brotliCompressSync(await styles()) }],
    ['/page.js', { type: 'text/javascript', body: brotliCompressSync(await program()) }],
  ])
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url)
    const font = /^\/assets\/\w+\.woff2$/.exec(url)
    if (font) return createReadStream(join(ROOT, 'dist', font[0])).pipe(response)
    if (file === undefined) return response.writeHead(404).end()
    return response
      .writeHead(200, { 'content-type': file.type, 'content-encoding': 'br' })
      .end(file.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function program(): Promise<string> {
  const built = (await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'floor',
        resolveId: (id) => (id === MAIN ? MAIN : null),
        load: (id) => (id === MAIN ? CODE : null),
      },
    ],
    build: { write: false, rolldownOptions: { input: MAIN } },
  })) as Rolldown.RolldownOutput
  const [first] = built.output
  return first.code
}
