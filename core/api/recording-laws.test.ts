import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiResponse, parseResponse } from './parse-response.ts'
import type { RawResponse } from './raw-response.ts'
import { createRecording, type RecordedResponse, readRecording } from './recording.ts'
import type { TaskFile } from './task.ts'

/*
 * Properties of every recording, for any response: it contains nothing of its owner, and it parses like
 * the responses. Bodies are generated as text, since an object cannot have every key that JSON can.
 */

const AT = Date.UTC(2026, 0, 1, 12)

/** Texts that a recording must not contain. */
interface Secrets {
  readonly key: string
  readonly taskId: string
  readonly host: string
  readonly user: string
  readonly uuid: string
}

const letters = (pattern: RegExp) =>
  fc.stringMatching(pattern).filter((text) => /[a-z]/i.test(text))
const secrets: fc.Arbitrary<Secrets> = fc.record({
  key: letters(/^[\x21-\x7e]{8,40}$/),
  taskId: letters(/^[A-Za-z0-9][A-Za-z0-9._~-]{7,40}$/),
  host: fc.stringMatching(/^[a-z]{12}$/).map((name) => `${name}.example`),
  user: fc.stringMatching(/^[a-z0-9]{14}$/).map((name) => `user~${name}`),
  uuid: fc.uuid(),
})

const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => Array.from(text, (char) => `%${char.charCodeAt(0).toString(16)}`).join(''),
  (text) => JSON.stringify(text).replaceAll('/', String.raw`\/`),
]

/** Decodes all escapes, so that no encoding hides anything. */
const bare = (text: string): string => {
  const decoded = text
    .replace(/\\+u00([0-9a-f]{2})/gi, '%$1')
    .replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
  return decoded === text ? text.toLowerCase().replaceAll('\\', '') : bare(decoded)
}

const linkTo = ({ host, user, taskId, key }: Secrets) =>
  `https://${host}/users/${user}/${taskId}.png?k=${encodeURIComponent(key)}`

const TEXT_FIELDS = ['status', 'progress', 'model', 'scale', 'saveImageAs', 'compression', 'error']
const FLAGS = ['deductedCredits', 'creditsDeducted', 'batchMode', 'enhanceFace']
const FILE_TEXTS = [
  ...['originalFileName', 'fileType', 'fileSize', 'finalFileSize', 'createdAt', 'expiresAt'],
  'dimensions',
]
const NAMES = ['fileName', 'processedFileName', 'path']
const LINKS = [
  ...['downloadLink', 'downloadUrl', 'url', 'signedUrl', 'presignedUrl', 'fileUrl'],
  'thumbnailLink',
]
const UNKNOWN = ['__proto__', 'constructor', 'toJSON', 'userId', 'removed', 'format', 'width']
const SAID = [
  ...['true', 'FALSE', '1', 'No such document', 'User not found'],
  ...['PROCESSED', 'enhancing', 'failed', '64', '64.5 %', '4', '1640995200', '1767268800000'],
  ...['Too many requests. Try again in 1 hour', 'Bad Request: Missing User ID', ''],
  ...['UPSTREAM_UNREACHABLE', 'UPSTREAM_UNUSABLE', 'RATE_LIMIT_EXCEEDED', '\u202egnp.exe'],
]
const NUMBERS = ['0', '-10', '64', '1e400', '-1e400', '1e300', '1640995200', '1767268800000', '4']

const quoted = (text: fc.Arbitrary<string>) => text.map((value) => JSON.stringify(value))
const object = (...members: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...members), { maxLength: 8 }).map((list) => `{${list.join(',')}}`)
const member = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(quoted(name), value).map(([left, right]) => `${left}:${right}`)
const list = (item: fc.Arbitrary<string>) =>
  fc.array(item, { maxLength: 4 }).map((items) => `[${items.join(',')}]`)

/** Texts of bodies. `hidden` is planted in all messages, `personal` in unread fields and renamed files. */
function bodies(hidden: readonly string[], personal: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...SAID),
    fc.string({ unit: 'grapheme' }),
    ...(hidden.length === 0 ? [] : [fc.constantFrom(...hidden)]),
  )
  const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(' '))
  const anything = fc.oneof(
    text,
    fc.constantFrom(
      ...UNKNOWN,
      ...personal.flatMap((value) => spellings.map((spell) => spell(value))),
    ),
  )
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      quoted(anything),
      fc.constantFrom('null', 'true', ...NUMBERS),
      list(tie('tree')),
      object(member(anything, tie('tree'))),
    ),
  }))
  const wrong = fc.oneof(list(tree), object(member(anything, tree)))
  const value = fc.oneof(
    { weight: 4, arbitrary: quoted(fc.oneof(fc.constantFrom(...SAID), text)) },
    { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false', ...NUMBERS) },
    { weight: 1, arbitrary: wrong },
  )
  const stranger = member(fc.oneof(fc.constantFrom(...UNKNOWN), anything), tree)
  const stored = fc.constantFrom('a.png', ' a.png', 'a', 'b/c.jpeg', '', ' ', ...personal)
  const links = ['https://h.example/1.png', 'HTTP://H/2', '/relative', 'ftp://f/x', 'http://[', '']
  const link = quoted(
    fc.constantFrom(...links, ' https://h.example/3 ', 'javascript:alert(1)', ...personal),
  )
  const file = object(
    member(fc.constantFrom(...FILE_TEXTS), value),
    member(fc.constantFrom(...NAMES), fc.oneof(quoted(stored), wrong, link)),
    member(fc.constantFrom(...LINKS), fc.oneof(link, wrong)),
    fc.constantFrom('"dimensions":{"width":640,"height":"400"}', '"dimensions":[1]'),
    stranger,
  )
  const files = member(
    fc.constant('files'),
    fc.oneof(
      { weight: 4, arbitrary: list(fc.oneof({ weight: 5, arbitrary: file }, value)) },
      value,
    ),
  )
  const word = fc.constantFrom('PROCESSED', 'Enhancing', 'failed', 'PROCESSING', 'AWAITING')
  const fields = object(member(fc.constantFrom(...TEXT_FIELDS, ...FLAGS), value), files, stranger)
  // Later fields of a body replace earlier ones of the same name.
  const data = fc
    .tuple(member(fc.constant('status'), quoted(word)), files, fields)
    .map(([status, some, more]) => `{${status},${some},${more.slice(1)}`.replace(/,}$/, '}'))
  const success = fc.oneof(
    { weight: 3, arbitrary: fc.constant('"status":"success"') },
    member(fc.constantFrom('status', 'success'), value),
    fc.constantFrom('"status":"error"', '"status":503', '"success":false', '"error":true'),
  )
  const words = fc.constantFrom('error', 'message', 'detail', 'data')
  const nested = object(member(words, fc.oneof(value, object(member(words, value)))))
  const problem = object(member(words, fc.oneof(value, nested)), success, stranger)
  const envelope = fc
    .tuple(
      success,
      member(fc.constant('data'), fc.oneof({ weight: 9, arbitrary: data }, value)),
      stranger,
    )
    .map((members) => `{${members.join(',')}}`)
  return fc.oneof(
    { weight: 6, arbitrary: envelope },
    { weight: 3, arbitrary: problem },
    { weight: 1, arbitrary: wrong },
    { weight: 1, arbitrary: quoted(text) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: anything.map((said) => `<p>${said}`) },
    { weight: 1, arbitrary: envelope.map((whole) => whole.slice(0, -3)) },
  )
}

const HEADERS = ['date', 'retry-after', 'ratelimit', 'x-ratelimit-reset', 'content-type']
const HEADER_VALUES = ['Thu, 01 Jan 2026 11:59:58 GMT', '90', '"hour";r=0;t=40', '1767268900', 'x']

function replies(
  bodiesOf: fc.Arbitrary<string>,
  planted: readonly string[] = [],
): fc.Arbitrary<RawResponse> {
  return fc.record({
    status: fc.oneof(
      { weight: 3, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(400, 401, 402, 403, 404, 408, 429, 500, 502, 504) },
    ),
    headers: fc.dictionary(
      fc.constantFrom(...HEADERS, ...HEADERS, 'set-cookie', 'x-user', 'server'),
      fc.constantFrom(...HEADER_VALUES, ...planted),
      { noNullPrototype: true },
    ),
    body: bodiesOf,
  })
}

const answersOf = (list: readonly RawResponse[]): RecordedResponse[] =>
  list.map((reply, n) => ({
    kind: 'reply',
    askedAt: AT + 2 * n,
    answeredAt: AT + 2 * n + 1,
    reply,
  }))

const read = ({ status, headers, body }: RawResponse, key: string): ApiResponse =>
  parseResponse(status, new Headers(headers), body, key, AT)

const repliesIn = ({ answers }: { answers: readonly RecordedResponse[] }): RawResponse[] =>
  answers.flatMap((answer) => (answer.kind === 'reply' ? [answer.reply] : []))

/** The parts of responses that have to stay; IDs and names are replaced by which of them are equal. */
function meaning(list: readonly ApiResponse[], text: (value: string | null) => unknown) {
  const seen = { id: new Map<string, number>(), name: new Map<string, number>() }
  const which = (map: Map<string, number>, key: string | null) => {
    if (key === null) return null
    map.set(key, map.get(key) ?? map.size)
    return map.get(key)
  }
  const fileOf = (file: TaskFile) => ({
    ...file,
    id: which(seen.id, file.id),
    storedName: which(seen.name, file.storedName),
    originalName: text(file.originalName),
    type: text(file.type),
    downloadUrl: file.downloadUrl === null ? null : 'link',
    thumbnailUrl: file.thumbnailUrl === null ? null : 'link',
  })
  return list.map(({ result, raw: _, ...rest }) => {
    if (!result.ok) {
      const { error } = result
      return {
        ...rest,
        error: 'message' in error ? { ...error, message: text(error.message) } : error,
      }
    }
    const { files, settings, ...task } = result.value
    const { model, scale, saveImageAs } = settings
    return {
      ...rest,
      task: {
        ...task,
        ...(task.kind === 'unrecognized' ? { word: text(task.word) } : {}),
        reason: text(task.reason),
      },
      settings: {
        ...settings,
        model: text(model),
        saveImageAs: text(saveImageAs),
        scale: scale?.kind === 'odd' ? text(scale.text) : scale,
      },
      files: files.map(fileOf),
    }
  })
}

/** Responses with planted secrets. */
const scene = (where: 'bodies' | 'headers, too') =>
  secrets.chain((hidden) => {
    const { key, taskId, user, host, uuid } = hidden
    const everywhere = [linkTo(hidden), key, taskId, uuid].flatMap((value) =>
      spellings.map((spell) => spell(value)),
    )
    const personal = [user, `${user}/${taskId}.png`, linkTo(hidden), `s3://${host}/${user}`, uuid]
    const inHeaders = where === 'bodies' ? [] : everywhere
    const reply = replies(bodies(everywhere, personal), inHeaders)
    return fc.record({
      hidden: fc.constant(hidden),
      list: fc.array(reply, { minLength: 1, maxLength: 3 }),
    })
  })

describe('a recording', () => {
  it('contains no key, task ID, link, user or UUID', () => {
    fc.assert(
      fc.property(scene('headers, too'), ({ hidden, list }) => {
        const { key, taskId, host, user, uuid } = hidden
        const written = bare(JSON.stringify(createRecording(answersOf(list), hidden)))
        for (const secret of [key, taskId, host, user, uuid]) {
          expect(written).not.toContain(bare(secret))
        }
      }),
    )
  })

  it('parses like the responses, except for links, stored names and IDs', () => {
    const list = fc.array(replies(bodies([], [])), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(list, (all) => {
        const clean = repliesIn(createRecording(answersOf(all), { key: 'a-key', taskId: 'a-task' }))
        const [before, after] = [all, clean].map((some) =>
          meaning(
            some.map((reply) => read(reply, 'a-key')),
            (text) => text,
          ),
        )
        expect(after).toEqual(before)
      }),
    )
  })

  it('parses like the responses, except for removed parts of texts', () => {
    fc.assert(
      fc.property(scene('bodies'), ({ hidden, list }) => {
        const clean = repliesIn(createRecording(answersOf(list), hidden))
        const [before, after] = [list, clean].map((some) =>
          meaning(
            some.map((reply) => read(reply, hidden.key)),
            (text) => text !== null,
          ),
        )
        expect(after).toEqual(before)
      }),
    )
  })

  it('survives a round trip, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(scene('bodies'), ({ hidden, list }) => {
        const recording = createRecording(answersOf(list), hidden)
        expect(readRecording(JSON.stringify(recording))).toEqual({ ok: true, value: recording })
        expect(createRecording(recording.answers, hidden)).toEqual(recording)
      }),
    )
  })
})

describe('reading a recording', () => {
  const head = { format: 'loupe-recording', version: 1 }
  const almost = fc.record(
    {
      format: fc.constantFrom('loupe-recording', 'other', null),
      version: fc.oneof(fc.constant(1), fc.double(), fc.jsonValue()),
      answers: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record(
            {
              kind: fc.constantFrom('reply', 'silence', 'other'),
              askedAt: fc.oneof(fc.nat(), fc.double()),
              answeredAt: fc.oneof(fc.nat(), fc.double()),
              why: fc.constantFrom('network', 'timeout', 'other'),
              reply: fc.oneof(
                fc.jsonValue(),
                fc.record({ status: fc.integer(), headers: fc.jsonValue(), body: fc.json() }),
              ),
            },
            { requiredKeys: [] },
          ),
        ),
      ),
    },
    { requiredKeys: [] },
  )

  it('never throws, and returns a sentence as error', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      almost.map((value) => JSON.stringify(value)),
      almost.map((value) => JSON.stringify({ ...value, ...head })),
    )
    fc.assert(
      fc.property(text, (written) => {
        const result = readRecording(written)
        if (!result.ok) expect(result.error).toMatch(/^This .+\.$/)
      }),
    )
  })
})
