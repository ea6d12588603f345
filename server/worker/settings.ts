import { err, ok, type Result } from '../../src/lib/result.ts'
import { type Config, readConfig, SHORTEST_SHARE_SECRET } from '../config.ts'
import { createSealer, type Sealer } from '../share/sealer.ts'

/** What is asked where nothing else is set: there is no sandbox here. */
const UPSCAYL_CLOUD = 'https://api.upscayl.org'

export interface Settings {
  readonly config: Config
  /** Of the API. */
  readonly baseUrl: string
  /** Null: no live links, since nothing is set to encrypt them with. */
  readonly sealers: readonly [Sealer, ...Sealer[]] | null
  /** Names the objects. With another one, each key begins anew: its allowance, its links, its starts. */
  readonly keySecret: Uint8Array<ArrayBuffer>
}

/** The error holds one sentence for each setting that cannot be used. */
export async function readSettings(
  env: Readonly<Record<string, unknown>>,
): Promise<Result<Settings, string[]>> {
  const texts = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const config = readConfig(texts)
  const problems = config.ok ? [] : [...config.error]
  const keySecret = texts.LOUPE_KEY_SECRET?.trim() ?? ''
  if (keySecret.length < SHORTEST_SHARE_SECRET) {
    problems.push(
      `LOUPE_KEY_SECRET must be at least ${SHORTEST_SHARE_SECRET} random characters, such as openssl rand -base64 48 prints.`,
    )
  }
  if (!config.ok || problems.length > 0) return err(problems)
  const { upstream, shareSecrets } = config.value
  const [maker, ...openers] = await Promise.all(shareSecrets.map(createSealer))
  return ok({
    config: config.value,
    baseUrl: upstream.kind === 'remote' ? upstream.baseUrl : UPSCAYL_CLOUD,
    sealers: maker === undefined ? null : [maker, ...openers],
    keySecret: new TextEncoder().encode(keySecret),
  })
}
