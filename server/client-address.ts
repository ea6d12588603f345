import ipaddr from 'ipaddr.js'

/* Whom a connection and a request come from. Web-standard parts only. */

type Ip = ipaddr.IPv4 | ipaddr.IPv6

/** An address block: its address and the length of its prefix in bits. */
export type Network = readonly [address: Ip, bits: number]

/** What one site gets of IPv6 at least (RFC 6177), so all of it is one client. */
const IPV6_SITE_BYTES = 8

/** An IPv4 address that is written as an IPv6 one (::ffff:192.0.2.1) is the IPv4 address. */
function readAddress(text: string): Ip | null {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
  return isAddress ? ipaddr.process(text) : null
}

/** `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. Null for all else, also for a /0, which is everybody. */
export function readNetwork(text: string): Network | null {
  const address = readAddress(text)
  if (address !== null) return [address, address.toByteArray().length * 8]
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) return null
  const network = ipaddr.parseCIDR(text)
  return network[1] === 0 || isMapped(network[0]) ? null : network
}

const isMapped = (address: Ip): boolean =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()

const isIn = (address: Ip, networks: readonly Network[]): boolean =>
  networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  )

/** What an address is counted as: itself, or for IPv6 its /64. Text that is no address stays as it is. */
export function countedAs(text: string): string {
  const address = readAddress(text)
  if (address === null) return text
  if (address.kind() === 'ipv4') return address.toString()
  const site = address.toByteArray().fill(0, IPV6_SITE_BYTES)
  return `${ipaddr.fromByteArray(site).toString()}/64`
}

/**
 * The address a request comes from: of X-Forwarded-For the rightmost that is no trusted proxy's, since
 * what is left of that may be invented. Without trusted proxies the header is not read, and null, which
 * is nobody to count, stands for this machine: for its user, or for a proxy that nobody named.
 *
 * `remote` is the other end of the connection, as far as it is still known.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  proxies: readonly Network[],
): string | null {
  // Before it is parsed: this is how a proxy on this machine, and its user, comes.
  if (proxies.length === 0 && remote === '127.0.0.1') return null
  const end = readAddress(remote ?? '')
  if (end === null) return 'unknown'
  if (proxies.length === 0) return end.range() === 'loopback' ? null : end.toString()
  let client = end
  for (const text of (forwardedFor ?? '').split(',').reverse()) {
    if (!isIn(client, proxies)) break
    const before = readAddress(text.trim())
    if (before === null) break
    client = before
  }
  return client.toString()
}

/** Whom a connection is counted for. Null for proxies and for this machine: they bring those of many. */
export function connectionAddress(
  remote: string | undefined,
  proxies: readonly Network[],
): string | null {
  const end = readAddress(remote ?? '')
  if (end === null) return 'unknown'
  return end.range() === 'loopback' || isIn(end, proxies) ? null : countedAs(end.toString())
}
