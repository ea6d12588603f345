import { err, ok, type Result } from '../../core/lib/result.ts'
import type { AppOptions } from '../app.ts'
import { type Config, MIN_SHARE_SECRET_LENGTH, readConfig, UPSCAYL_CLOUD } from '../config.ts'
import type { Log } from '../http/log.ts'
import contract from '../openapi.yaml?raw'
import { remoteUpstream, type Sized } from '../proxy/upstream.ts'
import { createTokenCipher, type TokenCipher } from '../sharing/share-token.ts'

export interface Settings {
  readonly config: Config
  /** Base URL of the API. */
  readonly baseUrl: string
  /** Null: no live links, because no secret to encrypt them is set. */
  readonly ciphers: readonly [TokenCipher, ...TokenCipher[]] | null
  /** Derives the objects' names. A new secret resets each key's quota, links and starts. */
  readonly keySecret: Uint8Array<ArrayBuffer>
}

/** The error holds one sentence for each invalid setting. */
export async function readSettings(
  env: Readonly<Record<string, unknown>>,
): Promise<Result<Settings, string[]>> {
  const texts = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const config = readConfig(texts)
  const problems = config.ok ? [] : [...config.error]
  const keySecret = texts.LOUPE_KEY_SECRET?.trim() ?? ''
  if (keySecret.length < MIN_SHARE_SECRET_LENGTH) {
    problems.push(
      `LOUPE_KEY_SECRET must be at least ${MIN_SHARE_SECRET_LENGTH} random characters, such as openssl rand -base64 48 prints.`,
    )
  }
  if (!config.ok || problems.length > 0) return err(problems)
  const { upstream, shareSecrets } = config.value
  const [primary, ...others] = await Promise.all(shareSecrets.map(createTokenCipher))
  return ok({
    config: config.value,
    // There is no sandbox here.
    baseUrl: upstream.kind === 'remote' ? upstream.baseUrl : UPSCAYL_CLOUD,
    ciphers: primary === undefined ? null : [primary, ...others],
    keySecret: new TextEncoder().encode(keySecret),
  })
}

/** Cloudflare records console output as the Worker's log. */
export const log: Log = (record) => {
  // biome-ignore lint/suspicious/noConsole: there is no other log here.
  console.error(JSON.stringify(record))
}

/** Errors on any other length; an ordinary stream would be sent in chunks. */
declare const FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>

const sized: Sized = (body, length) => body.pipeThrough(new FixedLengthStream(length))

/** Options shared by the Worker's app and the objects' apps. */
export const appOptions = ({ config, baseUrl }: Settings): Omit<AppOptions, 'names'> => ({
  upstream: remoteUpstream(baseUrl, sized),
  timeoutMs: config.upstreamTimeoutMs,
  hourlyLimit: config.hourlyLimit,
  sandbox: false,
  fileOrigin: new URL(baseUrl).origin,
  contract: async () => contract,
  log,
})
