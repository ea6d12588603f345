import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { allowedHosts, type Names } from './allowed-hosts.ts'

async function answers(names: Partial<Names>, origin: string): Promise<boolean> {
  const app = new Hono()
    .use(allowedHosts({ host: '127.0.0.1', origin: null, ...names }))
    .get('/', (c) => c.text(''))
  const { status } = await app.request(`${origin}/`)
  expect([200, 421]).toContain(status)
  return status === 200
}

const EVERYWHERE = { host: '0.0.0.0' }
const NAMED = { host: 'Loupe.internal' }
const PROXIED = { origin: 'https://loupe.example.org' }
const OTHER_PORT = { origin: 'http://loupe.test:4180' }

describe('a host name is', () => {
  test.each<[Partial<Names>, string]>([
    [{}, 'http://localhost'],
    [{}, 'http://LOCALHOST:9999'],
    [{}, 'http://app.localhost:4173'],
    [{}, 'http://127.0.0.1:4173'],
    [{}, 'http://127.9.8.7'],
    [{}, 'http://[::1]:4173'],
    [{ host: '::1' }, 'http://[::1]:4173'],
    [NAMED, 'http://loupe.internal:4173'],
    [NAMED, 'http://10.0.0.7:4173'],
    [EVERYWHERE, 'http://192.168.1.20:4173'],
    [EVERYWHERE, 'http://[2001:db8::1]:4173'],
    [EVERYWHERE, 'http://localhost:4173'],
    [PROXIED, 'http://loupe.example.org'],
    [PROXIED, 'http://loupe.example.org:443'],
    [PROXIED, 'http://127.0.0.1:4173'],
    [OTHER_PORT, 'http://loupe.test:4180'],
  ])("this server's: %o, %s", async (names, origin) => {
    expect(await answers(names, origin)).toBe(true)
  })

  test.each<[Partial<Names>, string]>([
    [{}, 'http://evil.test:4173'],
    [{}, 'http://localhost.evil.test'],
    [{}, 'http://notlocalhost'],
    [{}, 'http://127.0.0.1.evil.test'],
    [{}, 'http://192.168.1.20:4173'],
    [{ host: 'localhost' }, 'http://192.168.1.20:4173'],
    [EVERYWHERE, 'http://evil.test'],
    [NAMED, 'http://evil.loupe.internal'],
    [PROXIED, 'http://evil.example.org'],
    [PROXIED, 'http://loupe.example.org:4173'],
    [OTHER_PORT, 'http://loupe.test'],
  ])("not this server's: %o, %s", async (names, origin) => {
    expect(await answers(names, origin)).toBe(false)
  })
})
