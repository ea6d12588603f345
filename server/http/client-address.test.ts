import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientAddress, connectionAddress, countedAs, readNetwork } from './client-address.ts'

const networks = (...texts: string[]) =>
  texts.map((text) => {
    const network = readNetwork(text)
    if (network === null) throw new Error(text)
    return network
  })

const PROXIES = networks('10.0.0.0/8', '127.0.0.1', '2001:db8:1::/48')
const ip = fc.oneof(fc.ipV4(), fc.ipV6())

describe('the unit an address counts as', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['unknown', 'unknown'],
    ['010.0.0.1', '010.0.0.1'],
  ])('%s: %s', (address, counted) => expect(countedAs(address)).toBe(counted))

  test('is the same for a whole /64, and idempotent', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16))
    const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(half, half, half, (site, one, other) => {
        // An IPv4-mapped address counts as IPv4.
        fc.pre(!/^0:0:0:0$/.test(site))
        expect(countedAs(`${site}:${one}`)).toBe(countedAs(`${site}:${other}`))
      }),
    )
    fc.assert(fc.property(ip, (address) => countedAs(countedAs(address)) === countedAs(address)))
  })
})

describe('the client of a request', () => {
  test.each([
    ['the header is ignored without proxies', '192.0.2.1', '1.2.3.4', '192.0.2.1'],
    ['this machine is not counted', '127.0.0.1', '1.2.3.4', null],
    ['this machine is not counted (IPv6)', '::1', undefined, null],
    ['this machine is not counted (mapped)', '::ffff:127.0.0.1', undefined, null],
    ['a closed connection is unknown', undefined, undefined, 'unknown'],
  ])('%s', (_, remote, header, client) => expect(clientAddress(remote, header, [])).toBe(client))

  test.each([
    ['one proxy', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a proxy on this machine', '127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a forged address left of it', '10.0.0.1', '6.6.6.6, 192.0.2.1', '192.0.2.1'],
    ['two proxies', '10.0.0.1', '192.0.2.1, 10.9.9.9', '192.0.2.1'],
    ['an IPv6 proxy', '2001:db8:1::5', '2001:db8:9::1', '2001:db8:9::1'],
    ['an IPv4-mapped proxy', '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['an untrusted sender', '192.0.2.7', '192.0.2.1', '192.0.2.7'],
    ['no header', '10.0.0.1', undefined, '10.0.0.1'],
    ['only proxies', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['an invalid address: the proxy before it', '10.0.0.1', '192.0.2.1, x, 10.0.0.2', '10.0.0.2'],
    ['a port: the same', '10.0.0.1', '192.0.2.1:99', '10.0.0.1'],
    ['this machine is counted if proxies are trusted', '::1', undefined, '::1'],
  ])('with proxies: %s', (_, remote, header, client) =>
    expect(clientAddress(remote, header, PROXIES)).toBe(client),
  )

  test('whatever a client writes left of its address has no effect', () => {
    const invented = fc.array(fc.oneof(ip, fc.string(), fc.constant('10.0.0.1')))
    fc.assert(
      fc.property(invented, (texts) => {
        const header = [...texts, '192.0.2.1', '10.3.3.3'].join(', ')
        expect(clientAddress('10.0.0.1', header, PROXIES)).toBe('192.0.2.1')
      }),
    )
  })
})

test('the client of a connection: none for proxies and this machine', () => {
  const of = (remote: string | undefined) => connectionAddress(remote, PROXIES)
  expect(['10.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1'].map(of)).toEqual(Array(4).fill(null))
  expect(of('192.0.2.1')).toBe('192.0.2.1')
  expect(of('2001:db8:2::1')).toBe('2001:db8:2::/64')
  expect(of(undefined)).toBe('unknown')
})
