/** A task as Loupe understands it. What the API left out or garbled is `null`, never 0 or ''. */

/** Whether the credits of a task were taken. `amount` is null where the API named none. */
export type Credits =
  | { readonly state: 'deducted'; readonly amount: number | null }
  | { readonly state: 'outstanding'; readonly amount: number | null }
  | { readonly state: 'unknown'; readonly amount: number | null }

/** `known` is 1 to 8; anything else is kept as it came, to be shown and flagged. */
export type Scale =
  | { readonly kind: 'known'; readonly factor: number }
  | { readonly kind: 'odd'; readonly text: string }

/** What the task was made with. */
export interface Settings {
  /** The id as it came; it need not be one of MODELS. */
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
  /** Stable between answers and unique within a task. */
  readonly id: string
  readonly originalName: string | null
  /** The name on the server. */
  readonly storedName: string | null
  /** MIME type as it came. */
  readonly type: string | null
  /** Bytes of the file itself, or of the result where the API says so. */
  readonly size: number | null
  readonly dimensions: Dimensions | null
  /** Epoch milliseconds. */
  readonly createdAt: number | null
  /** Epoch milliseconds: the end that the link says itself, else what was stated beside it. */
  readonly expiresAt: number | null
  /** Always http(s). */
  readonly downloadUrl: string | null
  /** Always http(s). */
  readonly thumbnailUrl: string | null
}

interface TaskBase {
  /** 0 to 100 as reported, or null where nothing usable was. */
  readonly progress: number | null
  readonly credits: Credits
  readonly settings: Settings
  readonly files: readonly TaskFile[]
}

/**
 * The first four run, the last two are the end. No order between the running ones is documented,
 * so none is assumed; a word nobody documented is `unrecognized` and kept as it came.
 */
export type Task =
  | (TaskBase & { readonly kind: 'pending' })
  | (TaskBase & { readonly kind: 'processing' })
  | (TaskBase & { readonly kind: 'enhancing' })
  | (TaskBase & { readonly kind: 'unrecognized'; readonly word: string | null })
  | (TaskBase & { readonly kind: 'processed' })
  | (TaskBase & { readonly kind: 'failed'; readonly reason: string | null })

export type TaskKind = Task['kind']

interface TaskRule {
  readonly label: string
  /** The status words that mean this kind, lower case, in every dialect of the API. */
  readonly words: readonly string[]
  /** No later answer will change the status. */
  readonly terminal: boolean
  /** The API deducts credits once a task of this kind has been asked about. */
  readonly charged: boolean
}

/** Everything that depends on the kind alone. */
export const TASK_RULES = {
  pending: { label: 'Pending', words: ['pending'], terminal: false, charged: false },
  processing: { label: 'Processing', words: ['processing'], terminal: false, charged: false },
  enhancing: { label: 'Enhancing', words: ['enhancing'], terminal: false, charged: false },
  unrecognized: { label: 'Unrecognized', words: [], terminal: false, charged: false },
  processed: {
    label: 'Processed',
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

export const isTerminal = (task: Task): boolean => TASK_RULES[task.kind].terminal
