import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { build } from 'vite'
import { type OpenServer, type ServerOptions, START, TIME_HEADER } from './server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Bundle {
  readonly code: string
  /** Its imports at run time. */
  readonly imports: readonly string[]
  /** The packages it contains. */
  readonly packages: readonly string[]
}

/** A Worker built for Cloudflare. `entry` is a path from the package root. */
export async function bundled(entry: string): Promise<Bundle> {
  const output = await build({
    root: ROOT,
    configFile: `${ROOT}/vite.worker.config.ts`,
    logLevel: 'silent',
    build: { ssr: entry, write: false },
  })
  const chunks = (Array.isArray(output) ? output : [output]).flatMap((it) =>
    'output' in it ? it.output : [],
  )
  const [chunk, ...others] = chunks
  if (chunk?.type !== 'chunk' || others.length > 0) throw new Error('The Worker is not one module.')
  const { code, imports, dynamicImports, moduleIds } = chunk
  const packages = moduleIds.flatMap(
    (id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? [],
  )
  return {
    code,
    imports: [...imports, ...dynamicImports],
    packages: [...new Set(packages)].sort(),
  }
}

let bundle: Promise<Bundle> | null = null

/** Built once per test file, with a controlled clock: see worker-with-clock.ts. */
export const workerBundle = (): Promise<Bundle> => {
  bundle ??= bundled('test/conformance/worker-with-clock.ts')
  return bundle
}

/** The relevant part of wrangler.jsonc. */
interface DeploySettings {
  readonly compatibility_date: string
  readonly compatibility_flags: readonly string[]
  readonly durable_objects: { readonly bindings: { name: string; class_name: string }[] }
  readonly assets: {
    readonly binding: string
    readonly run_worker_first: boolean
    readonly html_handling: 'none'
    readonly not_found_handling: 'none'
  }
}

async function deploySettings(): Promise<DeploySettings> {
  const text = await readFile(`${ROOT}/wrangler.jsonc`, 'utf8')
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '')) as DeploySettings
}

/** Miniflare options for a Worker deployed with wrangler.jsonc. */
export async function asDeployed(
  code: string,
  { upstreamUrl, shareSecret, site, folder }: Omit<ServerOptions, 'origin'>,
) {
  const { durable_objects, assets, ...deployed } = await deploySettings()
  return {
    modules: [{ type: 'ESModule' as const, path: 'worker.js', contents: code }],
    compatibilityDate: deployed.compatibility_date,
    compatibilityFlags: [...deployed.compatibility_flags],
    durableObjects: Object.fromEntries(
      durable_objects.bindings.map(({ name, class_name }) => [
        name,
        { className: class_name, useSQLite: true },
      ]),
    ),
    durableObjectsPersist: folder,
    assets: {
      directory: site,
      binding: assets.binding,
      routerConfig: {
        has_user_worker: true,
        invoke_user_worker_ahead_of_assets: assets.run_worker_first,
      },
      assetConfig: {
        html_handling: assets.html_handling,
        not_found_handling: assets.not_found_handling,
      },
    },
    bindings: {
      UPSCAYL_API_URL: upstreamUrl,
      LOUPE_KEY_SECRET: 'key-secret-of-the-tests-0123456789abcdef',
      ...(shareSecret === null ? {} : { SHARE_SECRET: shareSecret }),
    },
  }
}

/** On workerd, the runtime of Cloudflare Workers, with its Durable Objects and assets. */
export const openOnWorkerd: OpenServer = async (options) => {
  const { origin } = options
  const { code } = await workerBundle()
  const deployed = await asDeployed(code, options)
  let at = START
  let logged = ''
  const begin = () =>
    new Miniflare({
      ...deployed,
      bindings: { ...deployed.bindings, LOUPE_ORIGIN: origin },
      handleRuntimeStdio(out: Readable, errors: Readable) {
        for (const stream of [out, errors]) {
          stream.on('data', (chunk) => {
            logged += String(chunk)
          })
        }
      },
    })
  let running = begin()
  await running.ready
  return {
    async fetch(path, init) {
      const headers = new Headers(init?.headers)
      headers.set(TIME_HEADER, String(at))
      // Miniflare's types are those of its own copy of fetch.
      const given = { redirect: 'manual', ...init, headers } as RequestInit
      const response = await running.dispatchFetch(new URL(path, origin).href, given as never)
      return response as unknown as Response
    },
    now: () => at,
    pass(ms) {
      at += ms
    },
    log: () => logged,
    async restart() {
      await running.dispose()
      running = begin()
      await running.ready
    },
    close: () => running.dispose(),
  }
}
