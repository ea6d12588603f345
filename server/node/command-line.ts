import { parseArgs } from 'node:util'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { UPSCAYL_CLOUD } from '../config.ts'

/** What was typed after `loupe`. */
export type CommandLine = { readonly kind: 'help' } | { readonly kind: 'version' } | StartCommand

export interface StartCommand {
  readonly kind: 'start'
  /** The environment, with the flags in place of its variables. */
  readonly env: Environment
  /** The name of a setting as the user gave it: its flag or its variable. */
  readonly nameOf: (variable: string) => string
  /** Open the dashboard in a browser. */
  readonly open: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

interface Flag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** Variable that its value replaces. */
  readonly variable?: string
  readonly placeholder?: string
  readonly help: string
}

const FLAGS: Readonly<Record<string, Flag>> = {
  port: {
    type: 'string',
    variable: 'PORT',
    placeholder: '<number>',
    help: 'Port to listen on, 0 for any free one (default 4173)',
  },
  host: {
    type: 'string',
    variable: 'HOST',
    placeholder: '<name>',
    help: 'Host name or IP address to listen on (default 127.0.0.1)',
  },
  data: {
    type: 'string',
    variable: 'LOUPE_DATA_DIR',
    placeholder: '<folder>',
    help: 'Folder for its data',
  },
  upstream: {
    type: 'string',
    variable: 'UPSCAYL_API_URL',
    placeholder: '<url>',
    help: 'Use the API at this URL instead of the sandbox',
  },
  'no-sandbox': {
    type: 'boolean',
    help: `Use Upscayl Cloud (${UPSCAYL_CLOUD}), unless another API is set`,
  },
  open: { type: 'boolean', help: 'Open the dashboard in a browser' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
  version: { type: 'boolean', short: 'v', help: 'Show the version' },
}

/** The error is a sentence about the first argument that can't be used. */
export function readCommandLine(
  args: readonly string[],
  env: Environment,
): Result<CommandLine, string> {
  const tokens = tokensOf(args)
  const options = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []))
  const values = new Map(options.map(({ name, value = '' }) => [name, value]))
  if (values.has('help')) return ok({ kind: 'help' })
  if (values.has('version')) return ok({ kind: 'version' })
  const problem = tokens.map(problemWith).find((sentence) => sentence !== null)
  if (problem !== undefined) return err(problem)

  const flagOf = new Map<string, string>()
  const settings: Record<string, string | undefined> = { ...env }
  if (values.has('no-sandbox'))
    settings.UPSCAYL_API_URL = env.UPSCAYL_API_URL?.trim() || UPSCAYL_CLOUD
  for (const [name, value] of values) {
    const variable = FLAGS[name]?.variable
    if (variable === undefined) continue
    settings[variable] = value
    flagOf.set(variable, `--${name}`)
  }
  return ok({
    kind: 'start',
    env: settings,
    nameOf: (variable) => flagOf.get(variable) ?? variable,
    open: values.has('open'),
  })
}

/** Not strict, since the messages of Node's own errors are for programmers. */
const tokensOf = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: FLAGS, strict: false, tokens: true }).tokens

function problemWith(token: ReturnType<typeof tokensOf>[number]): string | null {
  if (token.kind === 'positional') return `Unexpected argument: ${token.value}`
  if (token.kind === 'option-terminator') return null
  const { name, rawName, value = '', inlineValue } = token
  // Own names only: --constructor is no flag.
  const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined
  if (flag === undefined) return `Unknown option: ${rawName}`
  if (flag.type === 'boolean') return inlineValue === true ? `${rawName} takes no value.` : null
  const isNextFlag = inlineValue === false && /^--?[a-z]/.test(value)
  if (value.trim() !== '' && !isNextFlag) return null
  return `${rawName} needs a value: ${rawName} ${flag.placeholder}`
}

/** `dataDir`: the default folder, if there is one. */
export function helpText(command: string, dataDir: string | null): string {
  const rows = Object.entries(FLAGS).map(([name, { short, placeholder, variable, help }]) => {
    const flag = [short === undefined ? `    --${name}` : `-${short}, --${name}`, placeholder]
    const hasDefault = variable === 'LOUPE_DATA_DIR' && dataDir !== null
    return [flag.join(' ').trimEnd(), hasDefault ? `${help} (default ${dataDir})` : help] as const
  })
  const width = Math.max(...rows.map(([flag]) => flag.length))
  const variables = Object.values(FLAGS).flatMap(({ variable }) => variable ?? [])
  return [
    `Usage: ${command} [options]`,
    '',
    'Starts a dashboard for Upscayl Cloud, with a sandbox of that cloud to try it.',
    '',
    ...rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    `Options take precedence over environment variables: ${variables.join(', ')}.`,
    'docs/self-hosting.md lists all variables.',
  ].join('\n')
}
