import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { TASK_RULES, type Task, taskSchema } from '../../core/api/task.ts'
import { parseTask } from '../../core/api/wire.ts'
import { answers, generatedAnswers } from './arbitrary-response.ts'
import { schemaViolations } from './openapi.ts'

type Fields = Readonly<Record<string, unknown>>
interface Generated {
  readonly data: Fields & { readonly files?: readonly Fields[] }
}

/** All documented fields of a task except the error. */
const FIELDS: readonly string[] = [
  ...['status', 'progress', 'deductedCredits', 'creditsDeducted', 'model', 'scale', 'saveImageAs'],
  ...['compression', 'batchMode', 'enhanceFace'],
]

/** The only valid response without a task: it describes none. */
const isEmpty = ({ data }: Generated): boolean =>
  FIELDS.every((field) => data[field] === undefined) && (data.files ?? []).length === 0

test('generated responses conform to the contract, and the dashboard reads a task from them', () => {
  fc.assert(
    fc.property(answers, (body) => {
      expect(schemaViolations('#/components/schemas/TaskAnswer', body)).toEqual([])
      const read = parseTask(body)
      expect(read.ok).toBe(!isEmpty(body as Generated))
      if (read.ok) expect(v.safeParse(taskSchema, read.value).issues).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('the dashboard loses nothing that conforms to the contract', () => {
  fc.assert(
    fc.property(answers, (body) => {
      const { data } = body as Generated
      const read = parseTask(body)
      if (!read.ok) return
      const { kind, progress, credits, settings, files } = read.value
      expect(kind === 'unrecognized').toBe(data.status === undefined)
      expect(progress === null).toBe(data.progress === undefined)
      expect(credits.amount).toBe(data.deductedCredits ?? null)
      expect(credits.state === 'unknown').toBe(data.creditsDeducted === undefined)
      expect(settings).toMatchObject({
        model: data.model ?? null,
        scale: data.scale === undefined ? null : { kind: 'known', factor: Number(data.scale) },
        saveImageAs: data.saveImageAs ?? null,
        batchMode: data.batchMode ?? null,
        enhanceFace: data.enhanceFace ?? null,
      })
      expect(settings.compression === null).toBe(data.compression === undefined)
      expect(files).toHaveLength(data.files?.length ?? 0)
      for (const [n, file] of files.entries()) {
        const { fileSize, finalFileSize, downloadLink, thumbnailLink } = data.files?.[n] ?? {}
        expect(file.size).toBe(finalFileSize ?? fileSize ?? null)
        if (downloadLink !== undefined) expect(file.downloadUrl).toBe(downloadLink)
        expect(file.thumbnailUrl).toBe(thumbnailLink ?? null)
      }
    }),
    { numRuns: 300 },
  )
})

test('a seed gives the same responses each time, of every kind', () => {
  const bodies = generatedAnswers(7, 300)
  expect(bodies).toHaveLength(300)
  expect(generatedAnswers(7, 300)).toEqual(bodies)
  expect(generatedAnswers(8, 300)).not.toEqual(bodies)

  const tasks = bodies.flatMap((body): Task[] => {
    const read = parseTask(body)
    return read.ok ? [read.value] : []
  })
  expect(new Set(tasks.map(({ kind }) => kind))).toEqual(new Set(Object.keys(TASK_RULES)))
  const files = tasks.flatMap((task) => task.files)
  expect(files.some((file) => file.downloadUrl !== null)).toBe(true)
  expect(tasks.some((task) => task.settings.scale?.kind === 'known')).toBe(true)
})
