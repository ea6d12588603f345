import { type Plugin, type Rolldown, runnerImport } from 'vite'
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
 * server/http/site.ts look for it. Each shows its page's shell without any script, and loads its
 * code, styles and font at once instead of one after the other.
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
      const { shellOf } = await loadShell()
      const html = String(index.source)
      for (const [route, page] of Object.entries(PAGES) as [Route, Page][]) {
        const source = pageOf(html, { route, shell: shellOf(route), ...filesOf(bundle, page) })
        const fileName = fileOf(routes[route])
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
  const path = new URL('../../src/app/shell.tsx', import.meta.url).pathname
  const { module } = await runnerImport<typeof import('../../src/app/shell.tsx')>(path, {
    configFile: false,
    logLevel: 'error',
  })
  return module
}

/** `/tasks/:taskId` → `tasks.html`. */
export const fileOf = (pattern: string): string => `${pattern.split('/')[1] || 'index'}.html`

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

interface Files {
  readonly beforePaint: string
  readonly font: string
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
  const beforePaint = named('before-paint')
  const font = Object.values(bundle).find(
    (file) => file.type === 'asset' && file.names.some((name) => FONT.test(name)),
  )
  if (beforePaint === undefined || font === undefined) throw new Error('The build lacks a file.')
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
  return {
    beforePaint: beforePaint.fileName,
    font: font.fileName,
    keyless: needed(keyless),
    keyed: needed(keyed),
    late: needed(late),
  }
}

/** The font of all text but IDs. The others have rare characters. */
const FONT = /^geist-latin-wght-normal.*\.woff2$/

interface PageOptions extends Files {
  readonly route: Route
  readonly shell: string
}

function pageOf(html: string, { route, shell, ...files }: PageOptions): string {
  const list = (names: readonly string[]) => names.map((name) => `/${name}`).join(' ')
  const head = `<script src="/${files.beforePaint}" data-route="${regExpOf(routes[route])}" data-keyless="${list(files.keyless)}" data-keyed="${list(files.keyed)}" data-late="${list(files.late)}" data-font="/${files.font}"></script>`
  return html
    .replace('</title>', () => `</title>\n    ${head}`)
    .replace('<div id="root"></div>', () => `<div id="root">${shell}</div>`)
}
