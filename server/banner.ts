import * as v from 'valibot'
import type { Config } from './config.ts'
import { isLoopback } from './loopback.ts'
import type { Started } from './start.ts'

const LINKS = 6

export interface Link {
  readonly label: string
  readonly url: string
}

const sandboxTasks = v.object({
  tasks: v.array(v.object({ id: v.string(), title: v.string() })),
})

/** The first few tasks of the sandbox as links; none where there is no sandbox. */
export async function linksToTry(started: Started): Promise<Link[]> {
  if (started.sandboxKey === null) return []
  const listing: unknown = await started
    .upstream(new Request(`${started.url}/sandbox`))
    .then((answer) => answer.json())
    .catch(() => null)
  const parsed = v.safeParse(sandboxTasks, listing)
  if (!parsed.success) return []
  return parsed.output.tasks.slice(0, LINKS).map(({ id, title }) => ({
    label: title,
    url: `${started.url}/tasks/${encodeURIComponent(id)}`,
  }))
}

/** What start-up prints: where it runs, what it asks, and what to try first. */
export function banner(config: Config, started: Started, links: readonly Link[]): string {
  const facts: [string, string][] = [
    ['Dashboard', started.url],
    ...(config.upstream.kind === 'remote'
      ? [['Upstream', config.upstream.baseUrl] satisfies [string, string]]
      : ([
          ['Upstream', `sandbox on this machine, its data in ${config.dataDir}`],
          ['API key', started.sandboxKey ?? ''],
        ] satisfies [string, string][])),
  ]
  const labelWidth = Math.max(0, ...links.map(({ label }) => label.length))
  return [
    '',
    '  Loupe',
    '',
    ...facts.map(([name, value]) => `  ${name.padEnd(11)}${value}`),
    ...(links.length === 0 ? [] : ['', '  Links to try']),
    ...links.map(({ label, url }) => `    ${label.padEnd(labelWidth)}  ${url}`),
    ...warnings(config).flatMap((text) => ['', `  Warning: ${text}`]),
    '',
    '  Ctrl+C ends it.',
    '',
  ].join('\n')
}

/** What whoever starts it should know of its settings. */
export function warnings({
  host,
  origin,
  upstream,
  requestsPerMinute,
  trustedProxies,
}: Config): string[] {
  const found: string[] = []
  if (!isLoopback(host)) {
    found.push(`HOST is ${host}, so other machines can use this server, in plain http.`)
  }
  if (origin !== null && requestsPerMinute !== null && trustedProxies.length === 0) {
    found.push(
      'LOUPE_ORIGIN is set. If that is a proxy, name its address in LOUPE_TRUSTED_PROXIES; until then requests are not limited for each client by itself.',
    )
  }
  if (upstream.kind === 'remote') {
    const { protocol, hostname } = new URL(upstream.baseUrl)
    if (protocol === 'http:' && !isLoopback(hostname)) {
      found.push('UPSCAYL_API_URL is plain http, so API keys can be read on the way.')
    }
  }
  return found
}
