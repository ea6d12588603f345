import ipaddr from 'ipaddr.js'

/* The client of a connection or request. Web standards only. */

type Ip = ipaddr.IPv4 | ipaddr.IPv6

/** An address block: its address and prefix length in bits. */
export type Network = readonly [address: Ip, bits: number]

/** Smallest IPv6 block of one site (RFC 6177), so all of it counts as one client. */
const IPV6_SITE_BYTES = 8

/** Maps an IPv4-mapped IPv6 address (::ffff:192.0.2.1) to its IPv4 address. */
function readAddress(text: string): Ip | null {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
  return isAddress ? ipaddr.process(text) : null
}

/** `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. Null for anything else, including /0, which is everyone. */
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

/** The unit an address counts as: itself, or for IPv6 its /64. Other text is returned unchanged. */
export function countedAs(text: string): string {
  const address = readAddress(text)
  if (address === null) return text
  if (address.kind() === 'ipv4') return address.toString()
  const site = address.toByteArray().fill(0, IPV6_SITE_BYTES)
  return `${ipaddr.fromByteArray(site).toString()}/64`
}

/**
 * The client address of a request: the rightmost in X-Forwarded-For that is not a trusted proxy's, since
 * anything left of it may be forged. Without trusted proxies the header is ignored, and loopback yields
 * null, which is not counted: this machine's user, or a proxy that is not configured.
 *
 * `remote` is the other end of the connection, if still known.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  proxies: readonly Network[],
): string | null {
  // Fast path without parsing, for this machine's user and a local proxy.
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

/** The client a connection counts for. Null for proxies and this machine, which carry many clients. */
export function connectionAddress(
  remote: string | undefined,
  proxies: readonly Network[],
): string | null {
  const end = readAddress(remote ?? '')
  if (end === null) return 'unknown'
  return end.range() === 'loopback' || isIn(end, proxies) ? null : countedAs(end.toString())
}
