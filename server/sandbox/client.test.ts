import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpServer, guarded, lateApp, listen, withVariable } from '../node/http-server.ts'
import { emptySandbox, photo } from './start/testing.ts'
import { list, temporaryDir } from './testing.ts'

/* The client in docs/ does what its first lines say, over real connections. */

const CLIENT = fileURLToPath(new URL('../../docs/client.mjs', import.meta.url))

test('the client uploads two images by parts, and downloads one task’s results', async () => {
  const { sandbox } = await emptySandbox({ pace: 0, partBytes: 200 })
  const late = lateApp()
  late.open(sandbox.fetch)
  const server = createHttpServer()
  server.on('request', guarded(late.listener))
  const listening = await listen(
    server,
    { host: '127.0.0.1', port: 0 },
    withVariable('npm run sandbox'),
  )
  if (!listening.ok) throw new Error(listening.error)
  onTestFinished(() => listening.value.close(0))

  const cwd = await temporaryDir()
  await writeFile(join(cwd, 'a.png'), await photo(60, 40).png().toBuffer())
  await writeFile(join(cwd, 'b.jpg'), await photo(30, 50).jpeg().toBuffer())
  const env = {
    ...process.env,
    UPSCAYL_API_URL: listening.value.url,
    UPSCAYL_API_KEY: sandbox.key,
    CHECK_SECONDS: '0.1',
  }
  const run = (...names: string[]) =>
    promisify(execFile)(process.execPath, [CLIENT, ...names], { cwd, env })

  const { stdout } = await run('a.png', 'b.jpg')
  const sizes = await Promise.all(
    stdout
      .trim()
      .split('\n')
      .map(async (name) => {
        const { width, height, format } = await sharp(await readFile(join(cwd, name))).metadata()
        return `${format} ${width} × ${height}`
      }),
  )
  expect(sizes).toEqual(['png 120 × 80', 'png 60 × 100'])
  expect((await list(sandbox)).ledger).toMatchObject([{ credits: 20 }])
  await expect(run('missing.png')).rejects.toThrow(/ENOENT/)
})
