import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { heldAnswer, type Listing, temporaryDir } from './testing.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

interface Running {
  readonly process: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: { ...process.env, PORT: '0', ...env },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  const ended = once(child, 'exit').then(([code]) => code)
  return { process: child, output: () => output, ended }
}

const until = <T>(check: () => T | Promise<T>) =>
  vi.waitFor(check, { timeout: 50_000, interval: 20 })

async function address({ output }: Running): Promise<string> {
  return until(() => {
    const url = /at (http:\S+)/.exec(output())?.[1]
    if (url === undefined || !output().includes('try ')) throw new Error(output())
    return url
  })
}

async function ask(url: string, taskId: string, key: string): Promise<Response> {
  const response = await fetch(`${url}/get-task-status`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json', Origin: 'http://elsewhere' },
    body: JSON.stringify({ data: { taskId } }),
  })
  return heldAnswer(response, { method: 'POST', path: '/get-task-status' }, taskId)
}

/** `fetch` sets the Host header itself. */
const statusFor = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })

async function progressOf(url: string, taskId: string, key: string) {
  const response = await ask(url, taskId, key)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  const { data } = (await response.json()) as { data: { status: string; progress: string } }
  return { status: data.status, progress: Number(data.progress) }
}

async function listing(url: string): Promise<Listing> {
  const response = await heldAnswer(await fetch(`${url}/sandbox`), {
    method: 'GET',
    path: '/sandbox',
  })
  return response.json() as Promise<Listing>
}

test('killed at work and restarted, the task finishes, charged once; SIGTERM exits cleanly', async () => {
  const env = { LOUPE_DATA_DIR: await temporaryDir(), LOUPE_SANDBOX_PACE: '0.05' }
  const first = start(env)
  const firstUrl = await address(first)
  const { key, tasks } = await listing(firstUrl)
  const id = tasks[0]?.id ?? ''
  expect(first.output()).toContain(key)
  const seen = await until(async () => {
    const { progress } = await progressOf(firstUrl, id, key)
    expect(progress).toBeGreaterThan(10)
    return [progress]
  })
  first.process.kill('SIGKILL')
  await first.ended

  const second = start({ ...env, LOUPE_SANDBOX_PACE: '0' })
  const url = await address(second)
  await until(async () => {
    const { status, progress } = await progressOf(url, id, key)
    seen.push(progress)
    expect(status).toBe('PROCESSED')
  })
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  expect((await listing(url)).ledger).toEqual([{ taskId: id, credits: 10, at: expect.any(Number) }])

  const cut = await ask(url, 'sentinel-cut-connection', key)
  expect(cut.status).toBe(200)
  await expect(cut.text()).rejects.toThrow()

  const preflight = await fetch(`${url}/uploads/a/1`, {
    method: 'OPTIONS',
    headers: { origin: 'http://elsewhere', 'access-control-request-method': 'PUT' },
  })
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
  const part = await fetch(`${url}/uploads/a/1`, { method: 'PUT', body: 'bytes' })
  expect(part.status).toBe(403)
  expect(part.headers.get('access-control-expose-headers')).toContain('ETag')

  expect(await statusFor(`${url}/sandbox`, 'evil.test')).toBe(421)

  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  expect(second.output()).not.toMatch(/warning|error/i)
})

test('its output matches the settings', async () => {
  const running = start({
    LOUPE_DATA_DIR: await temporaryDir(),
    HOST: '0.0.0.0',
    LOUPE_ORIGIN: 'http://cloud.test',
    UPSCAYL_API_URL: 'https://api.upscayl.org',
  })
  expect(await address(running)).toBe('http://cloud.test')
  await until(() => expect(running.output()).toContain('Warning: Other machines'))
  expect(running.output()).toContain('curl http://cloud.test/get-task-status')
  expect(running.output()).not.toContain('UPSCAYL_API_URL')
})

test('a port in use and a bad setting get one sentence each', async () => {
  const dataDir = await temporaryDir()
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => {
    taken.close()
  })
  await once(taken, 'listening')
  const bound = taken.address()
  const port = String(typeof bound === 'object' ? bound?.port : '')
  const [busy, odd] = [
    start({ LOUPE_DATA_DIR: dataDir, PORT: port }),
    start({ LOUPE_DATA_DIR: dataDir, PORT: 'http' }),
  ]
  expect([await busy.ended, await odd.ended]).toEqual([1, 2])
  expect(busy.output()).toMatch(new RegExp(`^Port ${port} .* taken\\. .*PORT=\\d+.*\n$`))
  expect(odd.output()).toMatch(/^PORT must be a whole number from 0 to 65535 .*, not "http"\.\n$/)
})
