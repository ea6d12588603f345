import { describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { helpText, readCommandLine } from './command-line.ts'

type Environment = Record<string, string>

const started = (args: string, env: Environment = {}) => {
  const read = readCommandLine(args.split(' ').filter(Boolean), env)
  if (!read.ok || read.value.kind !== 'start') throw new Error(`no start: ${JSON.stringify(read)}`)
  return read.value
}

const configOf = (args: string, env: Environment = {}) => {
  const { env: settings, nameOf } = started(args, env)
  return readConfig(settings, { nameOf })
}

const errorOf = (...args: string[]) => {
  const read = readCommandLine(args, {})
  return read.ok ? null : read.error
}

describe('flags', () => {
  test('set what their variables set', () => {
    expect(configOf('--port 80 --host ::1 --data /srv/loupe --upstream https://api.test/')).toEqual(
      readConfig({
        PORT: '80',
        HOST: '::1',
        LOUPE_DATA_DIR: '/srv/loupe',
        UPSCAYL_API_URL: 'https://api.test',
      }),
    )
  })

  test('take precedence over variables, and the last over the first', () => {
    expect(configOf('--port=1 --port 2', { PORT: '3', HOST: '::1' })).toMatchObject({
      value: { port: 2, host: '::1' },
    })
  })

  test('without any, the environment is what it was', () => {
    const env = { PORT: '3', LOUPE_LOG: 'requests' }
    expect(started('', env)).toMatchObject({ env, open: false })
    expect(started('--open', env)).toMatchObject({ env, open: true })
  })

  test('--no-sandbox means Upscayl Cloud, or the API that is set', () => {
    const api = (args: string, env?: Environment) => started(args, env).env.UPSCAYL_API_URL
    expect(api('--no-sandbox')).toBe('https://api.upscayl.org')
    expect(api('--no-sandbox', { UPSCAYL_API_URL: '' })).toBe('https://api.upscayl.org')
    expect(api('--no-sandbox', { UPSCAYL_API_URL: 'http://a.test' })).toBe('http://a.test')
    expect(api('--upstream http://b.test --no-sandbox', { UPSCAYL_API_URL: 'http://a.test' })).toBe(
      'http://b.test',
    )
  })

  test('an error about a value names the flag, or the variable that was set', () => {
    const problem = expect.stringMatching(/^--port must be a whole number .*, not "http"\.$/)
    expect(configOf('--port http')).toEqual({ ok: false, error: [problem] })
    expect(configOf('--port 1', { HOST: 'http://' })).toEqual({
      ok: false,
      error: [expect.stringMatching(/^HOST must be /)],
    })
  })
})

test.each([
  [['--prot', '80'], 'Unknown option: --prot'],
  [['-x'], 'Unknown option: -x'],
  [['--constructor'], 'Unknown option: --constructor'],
  [['--__proto__=1'], 'Unknown option: --__proto__'],
  [['--no-open'], 'Unknown option: --no-open'],
  [['4180'], 'Unexpected argument: 4180'],
  [['--', '--port'], 'Unexpected argument: --port'],
  [['--port'], '--port needs a value: --port <number>'],
  [['--port='], '--port needs a value: --port <number>'],
  [['--data', ' '], '--data needs a value: --data <folder>'],
  [['--host', '--open'], '--host needs a value: --host <name>'],
  [['--open=yes'], '--open takes no value.'],
])('%j is an error', (args, sentence) => {
  expect(errorOf(...args)).toBe(sentence)
})

test('a number below 0 is the value of its flag', () => {
  expect(configOf('--port -1')).toMatchObject({ error: [expect.stringContaining('not "-1"')] })
})

test.each([
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['--version'], 'version'],
  [['-v', '--help'], 'help'],
  [['--prot', '--help'], 'help'],
])('%j: %s', (args, kind) => {
  expect(readCommandLine(args, { PORT: 'http' })).toEqual({ ok: true, value: { kind } })
})

test('the help lists every flag, one a line, with the default folder', () => {
  const help = helpText('loupe', '/home/ada/.local/share/loupe')
  expect(help.match(/--[a-z-]+(?= )/g)).toEqual([
    '--port',
    '--host',
    '--data',
    '--upstream',
    '--no-sandbox',
    '--open',
    '--help',
    '--version',
  ])
  expect(help).toContain('Folder for its data (default /home/ada/.local/share/loupe)')
  expect(helpText('loupe', null)).toMatch(/Folder for its data$/m)
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})
