import * as v from 'valibot'
import type { Config } from '../config.ts'
import type { Started } from '../create-server.ts'
import { isLoopback } from '../http/allowed-hosts.ts'

const LINKS = 6

export interface Link {
  readonly label: string
  readonly url: string
}

const sandboxTasks = v.object({
  tasks: v.array(v.object({ id: v.string(), title: v.string() })),
})

/** Links to the first few tasks of the sandbox; none without a sandbox. */
export async function linksToTry(started: Started): Promise<Link[]> {
  if (started.sandboxKey === null) return []
  const listing: unknown = await started
    .upstream(new Request(`${started.url}/sandbox`))
    .then((response) => response.json())
    .catch(() => null)
  const parsed = v.safeParse(sandboxTasks, listing)
  if (!parsed.success) return []
  return parsed.output.tasks.slice(0, LINKS).map(({ id, title }) => ({
    label: title,
    url: `${started.url}/tasks/${encodeURIComponent(id)}`,
  }))
}

/** Startup message: the URL, the upstream, and what to try first. */
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
    ...(links.length === 0 ? [] : ['', '  Try these']),
    ...links.map(({ label, url }) => `    ${label.padEnd(labelWidth)}  ${url}`),
    ...warnings(config).flatMap((text) => ['', `  Warning: ${text}`]),
    '',
    ...(started.sandboxKey === null
      ? []
      : ['  Open the dashboard and choose “Open the sandbox”.', '']),
    '  Press Ctrl+C to stop.',
    '',
  ].join('\n')
}

/** Warnings about the settings, for the operator. */
export function warnings({
  host,
  origin,
  upstream,
  requestsPerMinute,
  trustedProxies,
}: Config): string[] {
  const found: string[] = []
  if (!isLoopback(host)) {
    found.push(`Other machines can use this server over plain HTTP: it listens on ${host}.`)
  }
  if (origin !== null && requestsPerMinute !== null && trustedProxies.length === 0) {
    found.push(
      'LOUPE_ORIGIN is set. If it is a proxy, add its IP address to LOUPE_TRUSTED_PROXIES. Until then all clients share one rate limit.',
    )
  }
  if (upstream.kind === 'remote') {
    const { protocol, hostname } = new URL(upstream.baseUrl)
    if (protocol === 'http:' && !isLoopback(hostname)) {
      found.push(`API keys can be read in transit: ${upstream.baseUrl} is plain HTTP.`)
    }
  }
  return found
}
