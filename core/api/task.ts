import * as v from 'valibot'
import { isWebLink } from './file-links.ts'

/** A parsed task. Missing or invalid values are `null`, never 0 or ''. */

/** Deduction state of a task's credits. `amount` is null if the API reported none. */
export type Credits =
  | { readonly state: 'deducted'; readonly amount: number | null }
  | { readonly state: 'outstanding'; readonly amount: number | null }
  | { readonly state: 'unknown'; readonly amount: number | null }

/** `known` is 1 to 8; any other value is kept verbatim, to be shown and flagged. */
export type Scale =
  | { readonly kind: 'known'; readonly factor: number }
  | { readonly kind: 'odd'; readonly text: string }

/** Settings that the task was started with. */
export interface Settings {
  /** ID as received; it need not be one of MODELS. */
  readonly model: string | null
  readonly scale: Scale | null
  readonly saveImageAs: string | null
  /** 0 to 100. */
  readonly compression: number | null
  readonly batchMode: boolean | null
  readonly enhanceFace: boolean | null
}

export interface Dimensions {
  readonly width: number
  readonly height: number
}

export interface TaskFile {
  /** Stable across responses and unique within a task. */
  readonly id: string
  readonly originalName: string | null
  /** The name on the server. */
  readonly storedName: string | null
  /** MIME type as received. */
  readonly type: string | null
  /** Bytes of the result if the API reports them, else of the file. */
  readonly size: number | null
  readonly dimensions: Dimensions | null
  /** Epoch milliseconds. */
  readonly createdAt: number | null
  /** Epoch milliseconds: the expiry in the signed link, else the reported field. */
  readonly expiresAt: number | null
  /** Always http(s). */
  readonly downloadUrl: string | null
  /** Always http(s). */
  readonly thumbnailUrl: string | null
  /** An image of a batch that came to nothing: there is no result of it. */
  readonly failed: boolean
}

interface TaskBase {
  /** 0 to 100 as reported, or null if unusable. */
  readonly progress: number | null
  readonly credits: Credits
  readonly settings: Settings
  readonly files: readonly TaskFile[]
  /** What failed, in the words of the API: the task, or images of a batch; null if it says nothing. */
  readonly reason: string | null
}

/**
 * The first four kinds are running, the last two are terminal. No order between the running ones is
 * documented, so none is assumed; an undocumented status is `unrecognized` and kept verbatim.
 */
export type Task =
  | (TaskBase & { readonly kind: 'pending' })
  | (TaskBase & { readonly kind: 'processing' })
  | (TaskBase & { readonly kind: 'enhancing' })
  | (TaskBase & { readonly kind: 'unrecognized'; readonly word: string | null })
  | (TaskBase & { readonly kind: 'processed' })
  | (TaskBase & { readonly kind: 'failed' })

export type TaskKind = Task['kind']

interface TaskRule {
  readonly label: string
  /** Status values of this kind, in lower case, from both dialects of the API. */
  readonly words: readonly string[]
  /** The status will not change any more. */
  readonly terminal: boolean
  /** The API deducts credits once the status of such a task is requested. */
  readonly charged: boolean
}

/** Properties that depend on the kind alone. */
export const TASK_RULES = {
  pending: { label: 'Queued', words: ['pending'], terminal: false, charged: false },
  processing: { label: 'Processing', words: ['processing'], terminal: false, charged: false },
  enhancing: { label: 'Enhancing', words: ['enhancing'], terminal: false, charged: false },
  unrecognized: { label: 'Unrecognized', words: [], terminal: false, charged: false },
  processed: {
    label: 'Done',
    words: ['processed', 'completed'],
    terminal: true,
    charged: true,
  },
  failed: {
    label: 'Failed',
    words: ['processing_failed', 'failed'],
    terminal: true,
    charged: false,
  },
} as const satisfies Record<TaskKind, TaskRule>

const KIND_OF_WORD: ReadonlyMap<string, TaskKind> = new Map(
  (Object.keys(TASK_RULES) as TaskKind[]).flatMap((kind) =>
    TASK_RULES[kind].words.map((word) => [word, kind] as const),
  ),
)

export const kindOfWord = (word: string): TaskKind =>
  KIND_OF_WORD.get(word.trim().toLowerCase()) ?? 'unrecognized'

/** Images of a batch that failed, while others did not. */
export const failedFiles = ({ files }: Pick<Task, 'files'>): readonly TaskFile[] =>
  files.filter(({ failed }) => failed)

export const isTerminal = (task: Task): boolean => TASK_RULES[task.kind].terminal

/** The number in a scale, documented or not; null if it has none. */
export function scaleFactor(scale: Scale | null): number | null {
  if (scale === null) return null
  if (scale.kind === 'known') return scale.factor
  const factor = /^\d{1,3}(\.\d{1,3})?$/.test(scale.text) ? Number(scale.text) : 0
  return factor > 0 ? factor : null
}

/*
 * Parser for tasks that were parsed once before: from another tab, a stored list or a link.
 * Unlike wire.ts it is strict, since Loupe itself wrote the data.
 */

const text = v.nullable(v.string())
const count = v.nullable(v.pipe(v.number(), v.minValue(0)))
/** Epoch milliseconds that a Date can represent (ECMA-262, 21.4.1.1); others cannot be formatted. */
export const instant = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15))
const link = v.nullable(v.pipe(v.string(), v.check(isWebLink)))
const pixels = v.pipe(v.number(), v.minValue(1))

export const scaleSchema = v.nullable(
  v.variant('kind', [
    v.object({ kind: v.literal('known'), factor: v.picklist([1, 2, 3, 4, 5, 6, 7, 8]) }),
    v.object({ kind: v.literal('odd'), text: v.string() }),
  ]),
)

/** Settings of a task, as reported by the API or chosen at its start. */
export const settingsSchema: v.GenericSchema<unknown, Settings> = v.object({
  model: text,
  scale: scaleSchema,
  saveImageAs: text,
  compression: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  batchMode: v.nullable(v.boolean()),
  enhanceFace: v.nullable(v.boolean()),
})

const base = {
  progress: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  credits: v.object({ state: v.picklist(['deducted', 'outstanding', 'unknown']), amount: count }),
  settings: settingsSchema,
  files: v.array(
    v.object({
      id: v.string(),
      originalName: text,
      storedName: text,
      type: text,
      size: count,
      dimensions: v.nullable(v.object({ width: pixels, height: pixels })),
      createdAt: v.nullable(instant),
      expiresAt: v.nullable(instant),
      downloadUrl: link,
      thumbnailUrl: link,
      // Missing in earlier versions.
      failed: v.optional(v.boolean(), false),
    }),
  ),
  // Missing in earlier versions, unless the task failed.
  reason: v.optional(text, null),
}

export const taskSchema: v.GenericSchema<unknown, Task> = v.variant('kind', [
  v.object({ kind: v.literal('pending'), ...base }),
  v.object({ kind: v.literal('processing'), ...base }),
  v.object({ kind: v.literal('enhancing'), ...base }),
  v.object({ kind: v.literal('unrecognized'), ...base, word: text }),
  v.object({ kind: v.literal('processed'), ...base }),
  v.object({ kind: v.literal('failed'), ...base }),
])
