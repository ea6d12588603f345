import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from './support/fixtures.ts'

/*
 * The command `loupe`, from the archive that `npm pack` makes, in a folder with nothing but that and
 * the packages it depends on.
 */

interface Manifest {
  readonly version: string
  readonly bin: { readonly loupe: string }
  readonly dependencies: Readonly<Record<string, string>>
}

const MODULES = resolve('node_modules')
const SHELL = process.platform === 'win32'
const run = promisify(execFile)

let home = ''
let installed = ''
let manifest: Manifest
const running = new Set<ChildProcess>()

// In order, in one worker, so that the archive is made once.
test.describe.configure({ mode: 'default' })

test.beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'loupe-installed-'))
  // Without prepack, which builds: this is the build that the other tests run.
  await run('npm', ['pack', '--ignore-scripts', '--offline', '--pack-destination', home], {
    shell: SHELL,
  })
  const { version } = JSON.parse(await readFile('package.json', 'utf8'))
  installed = join(home, 'node_modules', 'loupe')
  await mkdir(installed, { recursive: true })
  const archive = join(home, `loupe-${version}.tgz`)
  await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'])
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(home, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(MODULES, name), link, 'junction')
  }
})

test.afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

test.afterAll(() => rm(home, { recursive: true, force: true }))

/** Runs `loupe`, with nothing of this machine's settings. */
function loupe(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(installed, manifest.bin.loupe), ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, LOCALAPPDATA: home, ...env },
  })
  running.add(child)
  let output = ''
  let errors = ''
  const ended = once(child, 'close').then(([code]) => ({ code, output, errors }))
  const up = new Promise<string>((done, fail) => {
    child.stdout.on('data', (text) => {
      output += text
      const url = /Dashboard +(\S+)/.exec(output)?.[1]
      if (output.includes('Ctrl+C') && url !== undefined) done(url)
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    ended.then(({ code }) => fail(new Error(`ended with ${code}: ${errors}`)), fail)
  })
  // Awaited only by tests of a start.
  up.catch(() => undefined)
  return { child, up, ended, output: () => output, errors: () => errors }
}

test('it depends on nothing but what has native code', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['libsql', 'sharp'])
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`it serves the dashboard and the sandbox, and ends cleanly on ${signal}`, async () => {
    const { child, up, ended, output } = loupe(['--port', '0'])
    const url = await up
    const page = await (await fetch(`${url}/tasks/1`)).text()
    const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1] ?? ''
    expect((await fetch(url + script)).headers.get('content-type')).toMatch(/javascript/)
    const { tasks } = (await (await fetch(`${url}/api/sandbox`)).json()) as { tasks: unknown[] }
    expect(tasks.length).toBeGreaterThan(1)
    // Not where it is installed, which the next version replaces.
    const folder = /its data in (.+)/.exec(output())?.[1] ?? ''
    expect(folder.startsWith(home) && !folder.startsWith(join(home, 'node_modules'))).toBe(true)
    await access(join(folder, 'sandbox.db'))
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, errors: '' })
  })
}

test('its options are those of the environment, and take precedence', async () => {
  const data = join(home, 'data')
  const { up, output } = loupe(['--port=0', '--data', data, '--no-sandbox'], {
    PORT: 'http',
    LOUPE_DATA_DIR: join(home, 'other'),
  })
  await up
  expect(output()).toMatch(/Upstream +https:\/\/api\.upscayl\.org\n/)
  await access(join(data, 'shares.db'))
})

test('it goes on when nobody reads its output any more', async () => {
  const { child, up } = loupe(['--port', '0', '--upstream', 'http://127.0.0.1:9'], {
    LOUPE_LOG: 'requests',
  })
  const url = await up
  child.stdout.destroy()
  child.stderr.destroy()
  for (let n = 0; n < 5; n++) {
    expect((await fetch(`${url}/api/none-${n}`)).status).toBe(404)
  }
})

test('help and version', async () => {
  const [help, version] = [loupe(['--help'], { PORT: 'http' }), loupe(['--version'])]
  expect(await help.ended).toMatchObject({ code: 0, errors: '' })
  expect(help.output()).toMatch(/^Usage: loupe \[options\]\n.*--port <number>/s)
  expect(await version.ended).toEqual({ code: 0, errors: '', output: `${manifest.version}\n` })
})

test('an option or value it does not have: one sentence, and exit code 2', async () => {
  expect(await loupe(['--prot', '80']).ended).toEqual({
    code: 2,
    output: '',
    errors: 'Unknown option: --prot\nAll options: loupe --help\n',
  })
  const { code, errors } = await loupe(['--port', 'http']).ended
  expect(code).toBe(2)
  expect(errors).toMatch(/^--port must be a whole number from 0 to 65535 .*, not "http"\.\n$/)
})

test('a port that is taken: what to do instead, and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const { code, output, errors } = await loupe(['--port', port]).ended
  other.close()
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(errors).toMatch(new RegExp(`^Port ${port} .* is taken\\. .*: loupe --port \\d+\n$`))
})

test('--open opens the dashboard, and a machine without a browser gets its URL', async () => {
  test.skip(process.platform === 'win32', 'opened through PowerShell')
  const bin = join(home, 'bin')
  await mkdir(bin)
  for (const name of ['xdg-open', 'open']) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "$1" > '${home}/opened'\n`)
    await chmod(join(bin, name), 0o755)
  }
  const withBrowser = loupe(['--port', '0', '--open'], { PATH: bin + delimiter + process.env.PATH })
  const url = await withBrowser.up
  const opened = () => readFile(join(home, 'opened'), 'utf8').catch(() => '')
  await expect.poll(opened).toBe(`${url}\n`)

  const without = loupe(['--port', '0', '--open'], { PATH: join(home, 'nothing') })
  const sentence = `No browser could be opened. Open ${await without.up} yourself.\n`
  await expect.poll(without.errors).toBe(sentence)
})
