import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Plugin, type Rolldown, runnerImport } from 'vite'
import { htmlFileOf } from '../../core/lib/site-paths.ts'
import { routes } from '../../src/lib/paths.ts'
import { isModule, PARTS, type Part } from './parts.ts'

type Bundle = Rolldown.OutputBundle
type Route = keyof typeof routes

const BEFORE_PAINT = 'src/app/before-paint.ts'

/** Parts that show a page, with a key and without one, and those that follow with a key. */
interface Page {
  readonly keyed: readonly Part[]
  readonly keyless: readonly Part[]
  readonly late: readonly Part[]
}

const withKey = (part: Part): Page => ({ keyed: [part, 'frame'], keyless: ['key'], late: [] })
const open = (part: Part): Page => ({ keyed: [part], keyless: [part, 'key'], late: [] })

/** Other routes get the HTML of `home`, of which they show the frame. */
export const PAGES: Readonly<Partial<Record<Route, Page>>> = {
  home: withKey('home'),
  // The first code of all pages shows a task's status. Its other parts would only delay it.
  task: { keyed: [], keyless: ['key'], late: ['task', 'frame'] },
  newTask: withKey('newTask'),
  credits: withKey('credits'),
  sandbox: withKey('sandbox'),
  live: open('shared'),
  snapshot: open('shared'),
}

/**
 * The HTML files of the build: one a route, named by its first segment, as many static hosts and
 * server/http/site.ts look for it. Each contains its page's shell with all it needs to be painted,
 * and requests the code of its page at once instead of one file after the other.
 */
export const firstPaint = (): Plugin[] => [
  {
    name: 'first-paint',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: BEFORE_PAINT, name: 'before-paint' })
    },
    async generateBundle(_, bundle) {
      const index = bundle['index.html']
      // The builds of the server and of benchmarks have none.
      if (index?.type !== 'asset') return
      for (const path of missingModules(bundle)) this.error(`${path} in PARTS is no module of src.`)
      const { shellOf, pictureOf } = await loadShell()
      const html = withInlined(String(index.source), takeInlined(bundle))
      for (const [route, page] of Object.entries(PAGES) as [Route, Page][]) {
        const files = filesOf(bundle, page)
        const source = pageOf(html, {
          route,
          shell: shellOf(route),
          picture: pictureOf(route),
          ...files,
        })
        const fileName = htmlFileOf(routes[route])
        if (fileName === 'index.html') index.source = source
        else this.emitFile({ type: 'asset', fileName, source })
      }
    },
  },
  {
    name: 'first-paint-in-development',
    apply: 'serve',
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `/${BEFORE_PAINT}` } }],
  },
]

/** Runs the dashboard's own components, so that the shell cannot differ from them. */
async function loadShell() {
  const path = fileURLToPath(new URL('../../src/app/shell.tsx', import.meta.url))
  const { module } = await runnerImport<typeof import('../../src/app/shell.tsx')>(path, {
    configFile: false,
    logLevel: 'error',
  })
  return module
}

/** `/tasks/:taskId` → `^/tasks/[^/]+/?$`, as React Router matches it. */
export const regExpOf = (pattern: string): string =>
  `^${pattern.replace(/\/$/, '').replace(/:\w+/g, '[^/]+')}/?$`

const chunksOf = (bundle: Bundle) =>
  Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk')

function missingModules(bundle: Bundle): string[] {
  const ids = chunksOf(bundle).flatMap(({ moduleIds }) => moduleIds)
  const paths = Object.values(PARTS).flat()
  return paths.filter((path) => !ids.some((id) => isModule(id, path)))
}

interface Inlined {
  readonly script: string
  readonly styles: string
  /** File of the fonts. */
  readonly fonts: string
}

const FONT_FACE = /@font-face\{[^}]*\burl\([^}]*\}/g

/** Takes what the first paint needs out of the build's files, so that it waits for none. */
function takeInlined(bundle: Bundle): Inlined {
  const script = chunksOf(bundle).find(({ name }) => name === 'before-paint')
  const styles = Object.values(bundle).find(({ fileName }) => fileName.endsWith('.css'))
  if (script === undefined || styles?.type !== 'asset') throw new Error('The build lacks a file.')
  delete bundle[script.fileName]
  const css = String(styles.source).trim()
  // Chromium requests a font of styles within the HTML with the page's URL as its referrer,
  // whatever the policy says, and a URL may have a key in it.
  styles.source = css.match(FONT_FACE)?.join('') ?? ''
  return {
    script: script.code.trim(),
    styles: css.replace(FONT_FACE, ''),
    fonts: styles.fileName,
  }
}

/** The policy is for static hosts; the server's own allows the same hashes (server/http/site.ts). */
function withInlined(html: string, { script, styles, fonts }: Inlined): string {
  const policy = `script-src 'self' ${hashOf(script)}; style-src 'self' ${hashOf(styles)}`
  return (
    html
      .replace(
        '</title>',
        () => `</title>
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <script>${script}</script>`,
      )
      .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${styles}</style>`)
      // Behind the page's text, whose paint it therefore does not delay.
      .replace('</body>', () => `  <link rel="stylesheet" href="/${fonts}" />\n  </body>`)
  )
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

interface Files {
  /** Chunks that are needed without a key, and with one. */
  readonly keyless: readonly string[]
  readonly keyed: readonly string[]
  /** Chunks that follow. */
  readonly late: readonly string[]
}

function filesOf(bundle: Bundle, { keyed, keyless, late }: Page): Files {
  const chunks = chunksOf(bundle)
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const named = (name: string) => chunks.find((chunk) => chunk.name === name)
  const first = named('first')
  const entry = new Set([first?.fileName, ...(first?.imports ?? [])])
  const needed = (parts: readonly Part[]): string[] => {
    const found = new Set<string>()
    const add = (chunk: Rolldown.OutputChunk | undefined) => {
      // The HTML names what the entry needs.
      if (chunk === undefined || entry.has(chunk.fileName) || found.has(chunk.fileName)) return
      found.add(chunk.fileName)
      for (const imported of chunk.imports) add(byFile.get(imported))
    }
    for (const part of parts) add(named(part))
    return [...found]
  }
  return { keyless: needed(keyless), keyed: needed(keyed), late: needed(late) }
}

interface PageOptions extends Files {
  readonly route: Route
  readonly shell: string
  readonly picture: { readonly src: string; readonly media: string } | null
}

function pageOf(html: string, { route, shell, picture, ...files }: PageOptions): string {
  const list = (names: readonly string[]) => names.map((name) => `/${name}`).join(' ')
  const data = Object.entries({
    route: regExpOf(routes[route]),
    keyless: list(files.keyless),
    keyed: list(files.keyed),
    late: list(files.late),
    picture: picture?.src ?? '',
    media: picture?.media ?? '',
  })
  const attributes = data.map(([name, value]) => ` data-${name}="${value}"`).join('')
  return html
    .replace('<script>', () => `<script${attributes}>`)
    .replace('<div id="root"></div>', () => `<div id="root">${shell}</div>`)
}
