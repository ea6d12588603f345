import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { type FoundText, proseOf, textsOf } from './strings-of.ts'

/*
 * One term for one thing, wherever a person reads it: pages, dialogs, errors of the server, documents.
 * Each row is a term that Loupe doesn't use, and what it says instead.
 */

type Where = 'everywhere' | 'program'

const RETIRED: readonly (readonly [term: RegExp, instead: string, where: Where])[] = [
  [/\bquestions?\b/i, 'check, request', 'everywhere'],
  [/\bask(?:s|ed|ing)\b|\bask\b(?! (?:the sender|for)\b)/i, 'check, request', 'everywhere'],
  [/\banswer(?:s|ed|ing)?\b/i, 'response, respond', 'everywhere'],
  [/\b(?:told|tells)\b/i, 'show, say', 'everywhere'],
  [/\b(?:says?|said|names?|named) (?:no|nothing|another)\b/i, 'not reported', 'everywhere'],
  [/\ballowances?\b|\bhour['’]s\b|\bhour is used up\b/i, 'hourly limit, quota', 'everywhere'],
  [/\b(?:anew|whoever|as usual|seldom|dearest)\b/i, 'a word of today', 'everywhere'],
  [/\b(?:is|are|was) known\b/i, 'up to date, reported', 'everywhere'],
  [
    /\bliving\b|\bgone\b|\blinks? (?:ha[sd] |have )?ended\b|\bleads nowhere\b/i,
    'expired',
    'everywhere',
  ],
  [/\bload(?:ed)? (?:the page )?again\b/i, 'Reload', 'everywhere'],
  [
    /(?<!\b(?:IP|client|loopback) )\baddress(?:es)?\b(?! bar\b)/i,
    'URL, or IP address',
    'everywhere',
  ],
  [/\bpictures?\b/i, 'image', 'everywhere'],
  [/\bchosen\b|\bchoose none\b/i, 'selected, Clear selection', 'everywhere'],
  [/\bforg[eo]t(?:s|ten)?\b/i, 'remove', 'everywhere'],
  [/\bwatch a task\b|\bwatch(?:ed|ing)? tasks?\b/i, 'Add by ID, track', 'everywhere'],
  [/\b(?:id|ids|Id|Ids)\b/, 'ID, IDs', 'everywhere'],
  [/\bno movement\b/i, 'No progress', 'everywhere'],
  [/\bma[dk]e (?:them )?with\b/i, 'Settings', 'everywhere'],
  [/\brefus(?:e|es|ed|als?)\b/i, 'reject', 'everywhere'],
  [/\bfaults?\b/i, 'error', 'everywhere'],
  [/\b(?:broke|broken|breaks?) off\b/i, 'cut off, interrupted', 'everywhere'],
  [/\bnot understood\b|\bmakes no sense\b/i, 'couldn’t be read', 'everywhere'],
  [/\bpromised\b/i, 'expected', 'everywhere'],
  [/\boddit(?:y|ies)\b|\bat odds\b/i, 'anomaly', 'everywhere'],
  [/\blive links?\b/i, 'public link', 'everywhere'],
  [/\buse another key\b/i, 'Replace key', 'everywhere'],
  [/[\d…] %/, 'no space before %', 'everywhere'],
  [/\b(?:no|some)body\b/i, 'a sentence about the task', 'program'],
  [/;(?:\s|$)/, 'two sentences', 'program'],
]

/** Texts that keep such a term, and why. */
const KEPT: readonly (readonly [text: RegExp, why: string])[] = [
  [/^faults or requests$/, 'values of LOUPE_LOG, which deployments have set'],
  [/^forgotten …$/, 'message between tabs, also with tabs of earlier versions'],
]

const used = new Set<RegExp>()

function isKept([kept]: (typeof KEPT)[number], text: string): boolean {
  if (!kept.test(text)) return false
  used.add(kept)
  return true
}

const filesIn = (folder: string, name: RegExp): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file) && !/\.test\.|(?:^|\/)testing/.test(file))
    .map((file) => join(folder, file))

/** Files that hold what Upscayl itself may send, which Loupe shows as it is. */
const OF_UPSCAYL = new Set([join('core', 'api', 'samples.ts')])

const PROGRAM = ['core', 'server', 'src']
  .flatMap((folder) => filesIn(folder, /\.tsx?$/))
  .filter((file) => !OF_UPSCAYL.has(file))
const DOCUMENTS = ['index.html', 'README.md', 'CHANGELOG.md', ...filesIn('docs', /\.md$/)]

/** The sentences of an OpenAPI document. */
function sentencesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, it]) =>
    typeof it === 'string' && /^(?:description|summary)$/.test(name) ? [it] : sentencesOf(it),
  )
}

const retired = (file: string, where: Where, texts: readonly FoundText[]): readonly string[] =>
  texts.flatMap(({ text, line }) =>
    RETIRED.filter(
      ([term, , scope]) =>
        (scope === 'everywhere' || scope === where) &&
        term.test(text) &&
        !KEPT.some((kept) => isKept(kept, text)),
    ).map(([term, instead]) => `${file}:${line} "${term.exec(text)?.[0]}" (${instead}): ${text}`),
  )

const inCode = (file: string, code = readFileSync(file, 'utf8')) =>
  retired(file, 'program', textsOf(code, file.endsWith('x') ? 'tsx' : 'ts'))

it('no page, dialog or error has a retired term', () => {
  expect(PROGRAM.length).toBeGreaterThan(400)
  expect(PROGRAM.flatMap((file) => inCode(file))).toEqual([])
})

it('no exception is left over', () => {
  expect(KEPT.filter(([kept]) => !used.has(kept))).toEqual([])
})

it('no document has one', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(5)
  const read = (file: string) => proseOf(readFileSync(file, 'utf8'))
  expect(DOCUMENTS.flatMap((file) => retired(file, 'everywhere', read(file)))).toEqual([])
})

it('the description of the server’s API has none', () => {
  const file = 'server/openapi.yaml'
  const sentences = sentencesOf(parse(readFileSync(file, 'utf8')))
  expect(sentences.length).toBeGreaterThan(100)
  const texts = sentences.map((text) => ({ text: text.replace(/`[^`]*`/g, ''), line: 0 }))
  expect(retired(file, 'everywhere', texts)).toEqual([])
})

it.each([
  ['<p>One more question</p>', 'text of a page'],
  ['<p title="Asked just now" />', 'attribute'],
  ['<b>question</b>', 'single word of a page'],
  ["const text = 'No answer yet'", 'string'],
  [`const text = \`Progress: \${n} %\``, 'template'],
  ["plural(n, 'picture')", 'counted word'],
  ["const TEXTS = { done: 'Its link has ended' } as const", 'table'],
  ["f({ text: 'First this; then that' } satisfies Toast)", 'argument'],
])('finds %s (%s)', (code) => {
  expect(inCode('planted.tsx', code)).toHaveLength(1)
})

it.each([
  "import { ask } from './the question.ts'",
  "type Why = 'the allowance' | 'an answer'",
  "if (why === 'The allowance') ask(task['an answer'])",
  '<p className="mt-1; picture" data-address="an address" />',
  "const record = { askedAt: 1, 'an answer': 'allowance' }",
  "db.prepare('SELECT id, answer FROM starts; ')",
  "const type = 'text/plain; charset=utf-8'",
  '// A question',
])('leaves names alone: %s', (code) => {
  expect(inCode('planted.tsx', code)).toEqual([])
})

it('reads prose, not code, of documents', () => {
  const found = proseOf(
    'A [question](/ask) of `answer`\n```sh\nask\n```\n<img alt="A picture" src="address">\n',
  )
  expect(found.map(({ text, line }) => `${line} ${text}`)).toEqual([
    '1 A [question] of',
    '5 A picture',
  ])
})
