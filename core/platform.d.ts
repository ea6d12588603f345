/*
 * The platform APIs that core may use, available in browsers, Node and workerd (WinterTC's Minimum
 * Common API). core/tsconfig.json includes no other globals: neither the DOM nor Node.
 */

interface URL {
  readonly origin: string
  readonly pathname: string
  readonly protocol: string
  readonly searchParams: Iterable<[name: string, value: string]>
}
declare var URL: { new (url: string, base?: string): URL; canParse(url: string): boolean }

interface Headers extends Iterable<[name: string, value: string]> {
  get(name: string): string | null
  has(name: string): boolean
}
declare var Headers: { new (init?: Readonly<Record<string, string>>): Headers }

declare var TextEncoder: { new (): { encode(text: string): Uint8Array<ArrayBuffer> } }
declare function atob(base64: string): string
declare function btoa(latin1: string): string
