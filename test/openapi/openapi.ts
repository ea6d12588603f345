import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { parse } from 'yaml'

/* Validates responses against openapi.yaml. Only for tests. */

type Node = Readonly<Record<string, unknown>>

export interface Operation {
  readonly responses: Readonly<Record<string, Node>>
}

/** The part of the document used here; openapi.test.ts checks that all of it is valid OpenAPI. */
export interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly 'x-anywhere-else': Operation
  readonly 'x-everywhere': Operation
  readonly components: { readonly schemas: Readonly<Record<string, Node>> }
}

export interface Exchange {
  readonly method: string
  /** Below /api, without a query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  /** Null if it broke off. */
  readonly body: string | null
}

/** The schema to apply: the sandbox guarantees more than the API does. */
export type Standard = 'relayed' | 'sandbox'

export const CONTRACT_TEXT = readFileSync(
  new URL('../../server/openapi.yaml', import.meta.url),
  'utf8',
)
export const CONTRACT = parse(CONTRACT_TEXT) as ContractDocument

const ajv = new Ajv2020({
  allErrors: true,
  // A schema that narrows another by a few properties need not repeat that it is an object.
  strictTypes: false,
  strictRequired: false,
  formats: fullFormats,
})
const ID = 'contract'
// Ajv treats the document itself as a schema that contains the other schemas.
ajv.addVocabulary(Object.keys(CONTRACT))
ajv.addSchema(CONTRACT, ID, undefined, false)

/** Descriptions of all contract violations of a response; empty if it conforms. */
export function violations(exchange: Exchange, standard: Standard = 'relayed'): string[] {
  const { method, path, status } = exchange
  const described = [operationOf(method, path), EVERYWHERE].filter(
    ([operation]) => operation.responses[status] !== undefined,
  )
  const found = described.map(([, pointer]) => {
    const response = follow(`${pointer}/responses/${status}`)
    return [
      ...headerViolations(exchange, response),
      ...headerViolations(exchange, follow(EVERYWHERE[1])),
      ...bodyViolations(exchange, response, standard),
    ]
  })
  const fitting = found.find((texts) => texts.length === 0)
  const best = fitting ?? found[0] ?? ['this status is not described for this method and path']
  return best.map((text) => `${method} ${path} ${status}: ${text}`)
}

/** Responses that any operation may return instead of its own. */
const EVERYWHERE: [Operation, string] = [CONTRACT['x-everywhere'], '#/x-everywhere']

function operationOf(method: string, path: string): [Operation, string] {
  // HEAD is GET without a body (RFC 9110, 9.3.2), so it is not described separately.
  const name = method === 'HEAD' ? 'get' : method.toLowerCase()
  const template = Object.keys(CONTRACT.paths).find((it) => fits(path, it)) ?? path
  const operation = CONTRACT.paths[template]?.[name]
  return operation === undefined
    ? [CONTRACT['x-anywhere-else'], '#/x-anywhere-else']
    : [operation, `#/paths/${escaped(template)}/${name}`]
}

/** Whether a path matches a template such as /share/{id}. */
function fits(path: string, template: string): boolean {
  const [parts, wanted] = [path.split('/'), template.split('/')]
  return (
    parts.length === wanted.length &&
    wanted.every((part, at) => (part.startsWith('{') ? parts[at] !== '' : parts[at] === part))
  )
}

function headerViolations({ headers }: Exchange, response: Located): string[] {
  return Object.keys(response.node('headers')).flatMap((name) => {
    const header = follow(`${response.pointer}/headers/${name}`)
    const value = headers.get(name)
    if (value !== null) return schemaViolations(`${header.pointer}/schema`, value, `header ${name}`)
    return header.self.required === true ? [`header ${name} is missing`] : []
  })
}

function bodyViolations(exchange: Exchange, response: Located, standard: Standard): string[] {
  const { method, headers, body } = exchange
  if (body === null) return ['the body breaks off']
  // Such as 204.
  if (response.self.content === undefined) return body === '' ? [] : ['a body is not described']
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const media = nodeIn(response.node('content'), type)
  if (media.schema === undefined) return [`the content type "${type}" is not described`]
  if (method === 'HEAD') return body === '' ? [] : ['HEAD has no body']
  const at = `${response.pointer}/content/${escaped(type)}`
  const value = type === 'application/json' ? parsed(body) : body
  if (value === undefined) return ['the body is no JSON']
  const relayed = schemaViolations(`${at}/schema`, value, 'body')
  const stricter = 'x-sandbox-schema'
  if (standard === 'relayed' || media[stricter] === undefined) return relayed
  return [...relayed, ...schemaViolations(`${at}/${stricter}`, value, 'body')]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Violations in `value` of the schema at `pointer`. */
export function schemaViolations(pointer: string, value: unknown, name = 'value'): string[] {
  const validate: ValidateFunction | undefined = ajv.getSchema(`${ID}${pointer}`)
  if (validate === undefined) throw new Error(`openapi.yaml has no schema at ${pointer}`)
  if (validate(value)) return []
  return [...new Set((validate.errors ?? []).map((error) => `${name}${words(error)}`))]
}

/** Adds the values that Ajv's own messages omit. */
function words({ instancePath, message, keyword, params }: ErrorObject): string {
  const named = ['enum', 'const', 'additionalProperties'].includes(keyword)
  return `${instancePath} ${message}${named ? `: ${Object.values(params).join(', ')}` : ''}`
}

interface Located {
  readonly pointer: string
  readonly self: Node
  readonly node: (name: string) => Node
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

/** The node at a JSON pointer, with a `$ref` resolved. */
export function follow(pointer: string): Located {
  const keys = pointer.split('/').slice(1).map(unescaped)
  const self = keys.reduce<Node>((node, key) => nodeIn(node, key), CONTRACT as unknown as Node)
  if (Object.keys(self).length === 0) throw new Error(`openapi.yaml has nothing at ${pointer}`)
  const { $ref } = self
  if (typeof $ref === 'string' && Object.keys(self).length === 1) return follow($ref)
  return { pointer, self, node: (name) => nodeIn(self, name) }
}

function nodeIn(node: Node, key: string): Node {
  const child = node[key]
  return typeof child === 'object' && child !== null ? (child as Node) : {}
}
