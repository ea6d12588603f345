import type { AppOptions } from '../app.ts'
import type { Log } from '../log.ts'
import contract from '../openapi.yaml?raw'
import { remoteUpstream, type Sized } from '../upstream.ts'
import type { Settings } from './settings.ts'

/** Cloudflare keeps what is written to the console as the Worker's log. */
export const log: Log = (record) => {
  // biome-ignore lint/suspicious/noConsole: there is no other log here.
  console.error(JSON.stringify(record))
}

/** What has another length is an error here; any other stream would be sent in chunks. */
declare const FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>

const sized: Sized = (body, length) => body.pipeThrough(new FixedLengthStream(length))

/** What the app of the Worker and the one of an object have in common. */
export const appOptions = ({ config, baseUrl }: Settings): Omit<AppOptions, 'names'> => ({
  upstream: remoteUpstream(baseUrl, sized),
  timeoutMs: config.upstreamTimeoutMs,
  hourlyQuestions: config.hourlyQuestions,
  sandbox: false,
  fileOrigin: new URL(baseUrl).origin,
  contract: async () => contract,
  log,
})
