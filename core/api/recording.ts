import * as v from 'valibot'
import { parseJson } from '../lib/parse-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { createAnonymizer } from './anonymize-response.ts'
import type { RawResponse } from './raw-response.ts'

/*
 * The API's responses for one task, cleaned so that they can be shared. Both ways to get a Recording
 * clean it, because anybody may have written the file.
 */

/** One request and its outcome. Times: epoch milliseconds. */
export type RecordedResponse =
  | {
      readonly kind: 'reply'
      readonly askedAt: number
      readonly answeredAt: number
      readonly reply: RawResponse
    }
  | {
      readonly kind: 'silence'
      readonly askedAt: number
      readonly answeredAt: number
      readonly why: 'network' | 'timeout'
    }

export interface Recording {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  /** Ascending in time; at least one if it comes from readRecording. */
  readonly answers: readonly RecordedResponse[]
}

const FORMAT = 'loupe-recording'
const VERSION = 1
const MAX_ANSWERS = 2000
/** Maximum length of a recording's text, in bytes when sent and in characters when read. */
export const MAX_RECORDING_LENGTH = 8 * 1024 * 1024
export const TOO_LARGE = 'This file is too large: a recording has at most 8 MiB.'

/**
 * Creates a recording without key, task ID, links, server-side names and UUIDs, from responses in the
 * order they came, at most the last MAX_ANSWERS. Original file names stay in it. Key and ID are removed
 * only if they have at least MIN_SECRET_LENGTH characters.
 */
export function createRecording(
  answers: readonly RecordedResponse[],
  { key, taskId }: { readonly key: string; readonly taskId: string },
): Recording {
  let last = 0
  // The device's clock may be set back in between, so times are made ascending.
  const ordered = answers.slice(-MAX_ANSWERS).map((answer) => {
    const askedAt = Math.max(last, answer.askedAt)
    last = Math.max(askedAt, answer.answeredAt)
    return { ...answer, askedAt, answeredAt: last }
  })
  return { format: FORMAT, version: VERSION, answers: cleaned(ordered, [key, taskId]) }
}

function cleaned(
  answers: readonly RecordedResponse[],
  secrets: readonly string[],
): readonly RecordedResponse[] {
  const clean = createAnonymizer(secrets)
  return answers.map((answer) =>
    answer.kind === 'reply' ? { ...answer, reply: clean(answer.reply) } : answer,
  )
}

const head = v.object({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(VERSION)),
})

const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8.64e15)) // ECMA-262, 21.4.1.1
const times = { askedAt: instant, answeredAt: instant }
const answer = v.variant('kind', [
  v.object({
    kind: v.literal('reply'),
    ...times,
    reply: v.object({
      // The range that fetch can return.
      status: v.pipe(v.number(), v.safeInteger(), v.minValue(200), v.maxValue(599)),
      headers: v.record(v.string(), v.string()),
      body: v.string(),
    }),
  }),
  v.object({ kind: v.literal('silence'), ...times, why: v.picklist(['network', 'timeout']) }),
])
const body = v.object({ answers: v.array(v.unknown()) })

/** Parses the text of a recording file. The error is a sentence for the user. Never throws. */
export function readRecording(text: string): Result<Recording, string> {
  if (text.length > MAX_RECORDING_LENGTH) return err(TOO_LARGE)
  const json = parseJson(text)
  const read = v.safeParse(head, json)
  if (!read.success) return err('This is not a Loupe recording.')
  const { format, version } = read.output
  if (version !== VERSION) {
    return err(
      `This file is from a newer Loupe (version ${version}). This one reads version ${VERSION}.`,
    )
  }
  const { success, output } = v.safeParse(body, json)
  if (!success) return err('This recording is damaged: it has no list of responses.')
  if (output.answers.length === 0) return err('This recording has no responses.')
  if (output.answers.length > MAX_ANSWERS) {
    const [many, most] = [output.answers.length, MAX_ANSWERS].map((n) => n.toLocaleString('en'))
    return err(`This recording has ${many} responses. The maximum is ${most}.`)
  }
  const answers = readAnswers(output.answers)
  return answers.ok ? ok({ format, version, answers: cleaned(answers.value, []) }) : answers
}

function readAnswers(items: readonly unknown[]): Result<readonly RecordedResponse[], string> {
  const answers: RecordedResponse[] = []
  let last = 0
  for (const item of items) {
    const read = v.safeParse(answer, item)
    const number = answers.length + 1
    if (!read.success) return err(`This recording is damaged: response ${number} is invalid.`)
    const { askedAt, answeredAt } = read.output
    if (askedAt < last || answeredAt < askedAt) {
      return err(`This recording is damaged: response ${number} is out of order.`)
    }
    last = answeredAt
    answers.push(read.output)
  }
  return ok(answers)
}
