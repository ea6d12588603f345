import * as v from 'valibot'
import { err, ok, type Result } from '../lib/result.ts'
import { createCleaner } from './clean-reply.ts'
import type { Reply } from './reply.ts'

/*
 * What the API answered about one task, made fit to be shown to others. Every Recording is clean,
 * because both ways to get one clean it: a file may have been written by anybody.
 */

/** One question and what came of it. Times: epoch milliseconds. */
export type RecordedAnswer =
  | {
      readonly kind: 'reply'
      readonly askedAt: number
      readonly answeredAt: number
      readonly reply: Reply
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
  /** Ascending in time; one at least, where it was read by readRecording. */
  readonly answers: readonly RecordedAnswer[]
}

const FORMAT = 'loupe-recording'
const VERSION = 1
const MOST_ANSWERS = 2000
/** The longest text of a recording, in bytes as sent and in characters as read. */
export const LONGEST_RECORDING = 8 * 1024 * 1024
export const TOO_LARGE =
  'This file is too large for a recording of Loupe: it may have 8 MiB at most.'

/**
 * A recording without key, task id, links, server-side names and UUIDs, from answers in the order they
 * came; of very many the last. The names that people gave to their files stay in it. Key and id are
 * found from SHORTEST_SECRET characters on.
 */
export function createRecording(
  answers: readonly RecordedAnswer[],
  { key, taskId }: { readonly key: string; readonly taskId: string },
): Recording {
  let last = 0
  // A device's clock may be set back on the way: what came later has no earlier time.
  const ordered = answers.slice(-MOST_ANSWERS).map((answer) => {
    const askedAt = Math.max(last, answer.askedAt)
    last = Math.max(askedAt, answer.answeredAt)
    return { ...answer, askedAt, answeredAt: last }
  })
  return { format: FORMAT, version: VERSION, answers: cleaned(ordered, [key, taskId]) }
}

function cleaned(
  answers: readonly RecordedAnswer[],
  secrets: readonly string[],
): readonly RecordedAnswer[] {
  const clean = createCleaner(secrets)
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
      // What fetch can answer with.
      status: v.pipe(v.number(), v.safeInteger(), v.minValue(200), v.maxValue(599)),
      headers: v.record(v.string(), v.string()),
      body: v.string(),
    }),
  }),
  v.object({ kind: v.literal('silence'), ...times, why: v.picklist(['network', 'timeout']) }),
])
const body = v.object({ answers: v.array(v.unknown()) })

/** Reads the text of a recording's file. The error is a sentence for a person. Never throws. */
export function readRecording(text: string): Result<Recording, string> {
  if (text.length > LONGEST_RECORDING) return err(TOO_LARGE)
  const json = parse(text)
  const read = v.safeParse(head, json)
  if (!read.success) return err('This is no recording of Loupe.')
  const { format, version } = read.output
  if (version !== VERSION) {
    return err(
      `This file is from a newer Loupe (version ${version}). This one reads version ${VERSION}.`,
    )
  }
  const { success, output } = v.safeParse(body, json)
  if (!success) return err('This recording is damaged: it has no list of answers.')
  if (output.answers.length === 0) return err('This recording has no answers in it.')
  if (output.answers.length > MOST_ANSWERS) {
    const [many, most] = [output.answers.length, MOST_ANSWERS].map((n) => n.toLocaleString('en'))
    return err(`This recording has ${many} answers. ${most} at most can be read.`)
  }
  const answers = readAnswers(output.answers)
  return answers.ok ? ok({ format, version, answers: cleaned(answers.value, []) }) : answers
}

function readAnswers(items: readonly unknown[]): Result<readonly RecordedAnswer[], string> {
  const answers: RecordedAnswer[] = []
  let last = 0
  for (const item of items) {
    const read = v.safeParse(answer, item)
    const number = answers.length + 1
    if (!read.success) return err(`This recording is damaged: its answer ${number} makes no sense.`)
    const { askedAt, answeredAt } = read.output
    if (askedAt < last || answeredAt < askedAt) {
      return err(`This recording is damaged: its answer ${number} comes before its time.`)
    }
    last = answeredAt
    answers.push(read.output)
  }
  return ok(answers)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
