import { parseAst } from 'vite'

/** A text in a file, and its line. "…" stands for what is put in at run time. */
export interface FoundText {
  readonly text: string
  readonly line: number
}

/** A node of the syntax tree (ESTree), with the fields that are read here. */
type Node = Readonly<
  Record<'type' | 'start' | 'name' | 'operator' | 'callee' | 'value' | 'quasis', unknown>
>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Parts of a program whose strings are names: modules, keys, comparisons. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  ImportDeclaration: ['source'],
  ExportNamedDeclaration: ['source'],
  ExportAllDeclaration: ['source'],
  ImportExpression: ['source'],
  Property: ['key'],
  MemberExpression: ['property'],
  SwitchCase: ['test'],
  JSXAttribute: ['name'],
}

const NAME_ATTRIBUTES =
  /^(?:className|id|htmlFor|key|name|type|role|href|to|src|d|data-.+|aria-(?:live|current|haspopup|controls|labelledby|describedby|keyshortcuts))$/
const TEXT_ATTRIBUTES = /^(?:title|label|alt|placeholder|aria-label|aria-description)$/
const COMPARISON = /^[!=]==?$/
/** A type that wraps a value. The other nodes of TypeScript are types alone. */
const TYPED_VALUE = /^TS(?:As|Satisfies|NonNull)Expression$/
/** A text without spaces is a name or a URL, except for a word such as "Queued" or "Checking…". */
const NAME = /^(?![A-Z][a-z’]+[….]?$)\S*$/
/** Statements of SQL, headers of HTTP, drawings. */
const OTHER_LANGUAGE =
  /\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|AS)\b|^(?:\w+\/[\w-]+;|default-src |<svg)/

function childrenOf(node: Node): readonly unknown[] {
  const type = String(node.type)
  if (type.startsWith('TS') && !TYPED_VALUE.test(type)) return []
  if (type === 'BinaryExpression' && COMPARISON.test(String(node.operator))) return []
  if (type === 'JSXAttribute' && NAME_ATTRIBUTES.test(nameOf(node.name))) return []
  const names = NAMES[type] ?? []
  return Object.entries(node).flatMap(([name, child]) => (names.includes(name) ? [] : [child]))
}

const nameOf = (node: unknown) => (isNode(node) ? String(node.name) : '')

/** Whether even single words in `node` are displayed. */
const displays = (node: Node): boolean =>
  node.type === 'JSXText' ||
  (node.type === 'JSXAttribute' && TEXT_ATTRIBUTES.test(nameOf(node.name))) ||
  (node.type === 'CallExpression' && nameOf(node.callee) === 'plural')

function textOf({ type, value, quasis }: Node): string | null {
  if (type === 'JSXText' || (type === 'Literal' && typeof value === 'string')) return String(value)
  if (type !== 'TemplateLiteral' || !Array.isArray(quasis)) return null
  return quasis.map((part) => part.value.cooked ?? '').join('…')
}

/** Every text in the code of a module that a person may see. */
export function textsOf(code: string, lang: 'ts' | 'tsx'): readonly FoundText[] {
  const found: FoundText[] = []
  const visit = (value: unknown, displayed: boolean): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, displayed)
    else if (isNode(value)) {
      const isDisplayed = displayed || displays(value)
      const text = textOf(value)?.replace(/\s+/g, ' ').trim() ?? ''
      const isText = text !== '' && !OTHER_LANGUAGE.test(text)
      if (isText && (isDisplayed || !NAME.test(text))) {
        found.push({
          text,
          get line() {
            return code.slice(0, Number(value.start)).split('\n').length
          },
        })
      }
      for (const child of childrenOf(value)) visit(child, isDisplayed)
    }
  }
  visit(parseAst(code, { lang }), false)
  return found
}

/** The prose of a Markdown or HTML file, line by line, without code, link targets and tags. */
export function proseOf(text: string): readonly FoundText[] {
  const blank = (part: string) => part.replace(/[^\n]+/g, ' ')
  return text
    .replace(/^```[\s\S]*?^```|<script[\s\S]*?<\/script>/gm, blank)
    .replace(/`[^`\n]*`|(?<=\])\([^)]*\)|^ {4}\w.*$/gm, '')
    .replace(/<\w[^>]*?\b(?:alt|content)="([^"]*)"[^>]*>|<[^>]*>/g, (_, shown = '') => shown)
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ text: line.trim(), line: index + 1 }]))
}
