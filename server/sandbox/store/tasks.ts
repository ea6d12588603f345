import type { ModelId } from '../../../core/api/models.ts'
import type { Picture } from '../../../core/api/samples.ts'
import type { Database } from '../../database.ts'

export type Status = 'PROCESSING' | 'ENHANCING' | 'PROCESSED' | 'PROCESSING_FAILED'

export const MIME_TYPES = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' } as const
export type Format = keyof typeof MIME_TYPES

/** The data of a new task. Times are epoch milliseconds. */
export interface NewTask {
  readonly id: string
  readonly accountId: number
  readonly demo: string
  readonly listing: number
  /** A paced task waits in the queue; any other is finished at once. */
  readonly paced: boolean
  /** Begins at its first check. */
  readonly held: boolean
  readonly price: number
  readonly model: ModelId
  readonly scale: number
  readonly saveImageAs: Format
  readonly compression: number
  readonly enhanceFace: boolean
  readonly createdAt: number
  /** Null: a fixed time after the task ends. */
  readonly expiresAt: number | null
  readonly files: readonly NewFile[]
}

export interface NewFile {
  readonly id: string
  readonly originalName: string
  /** The image a demo's original is cropped from; an uploaded original is on disk. */
  readonly picture: Picture | 'upload'
  readonly seed: number
  readonly width: number
  readonly height: number
  /** The upload was cut off, so its bytes end too early. */
  readonly damaged: boolean
  /** Source rows upscaled in one step. */
  readonly stripRows: number
  /** Name on the server; null: made from the ID. */
  readonly storedName: string | null
  /** Bytes of the original; null until it is made. */
  readonly sourceSize: number | null
  /** Why this image of a batch can't be upscaled; null if it can, so far. */
  readonly error: string | null
}

/** Identifies a repeated request for the same start. */
export interface RequestMark {
  readonly key: string
  /** Equal for equal orders. */
  readonly fingerprint: string
}

export interface StoredTask extends Omit<NewTask, 'paced' | 'held' | 'enhanceFace' | 'files'> {
  readonly seq: number
  readonly status: Status
  readonly paced: number
  readonly held: number
  readonly enhanceFace: number
  readonly error: string | null
  /** Credits to deduct, set at the end. */
  readonly cost: number | null
}

export interface StoredFile extends Omit<NewFile, 'damaged'> {
  readonly taskId: string
  readonly position: number
  readonly damaged: number
  readonly strips: number
  readonly stripsDone: number
  readonly resultSize: number | null
  readonly resultWidth: number | null
  readonly resultHeight: number | null
}

export interface StartedTask {
  readonly id: string
  readonly price: number
  readonly fingerprint: string
}

export const hasEnded = ({ status }: StoredTask): boolean =>
  status === 'PROCESSED' || status === 'PROCESSING_FAILED'

export interface Result {
  readonly sourceSize: number
  readonly size: number
  readonly width: number
  readonly height: number
}

export interface Finish {
  readonly expiresAt: number
  readonly cost: number
  /** About the images of a batch that failed; null if none did. */
  readonly error: string | null
}

/** `accountId` is the column `account_id`. */
const columnOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const columns = (...names: readonly string[]): string =>
  names.map((name) => `${columnOf(name)} AS ${name}`).join()

const TASK = columns(
  ...['seq', 'id', 'accountId', 'demo', 'listing', 'status', 'paced', 'price', 'model', 'scale'],
  ...['saveImageAs', 'compression', 'enhanceFace', 'createdAt', 'expiresAt', 'error'],
  ...['held', 'cost'],
)

const FILE = columns(
  ...['id', 'taskId', 'position', 'originalName', 'picture', 'seed', 'width', 'height', 'damaged'],
  ...['stripRows', 'strips', 'stripsDone', 'sourceSize', 'resultSize', 'resultWidth'],
  ...['resultHeight', 'storedName', 'error'],
)

const UNFINISHED = `status IN ('PROCESSING', 'ENHANCING')`

export type Tasks = ReturnType<typeof createTasks>

export function createTasks(db: Database) {
  const insertInto = (
    table: 'tasks' | 'files',
    row: Readonly<Record<string, string | number | null>>,
  ) => {
    const names = Object.keys(row)
    db.run(
      `INSERT INTO ${table} (${names.map(columnOf)}) VALUES (${names.map(() => '?')})`,
      ...Object.values(row),
    )
  }

  return {
    /** Call in a transaction, so that a task and its files are stored together. */
    insert({ files, ...task }: NewTask, mark: RequestMark | null = null): void {
      insertInto('tasks', {
        ...task,
        paced: Number(task.paced),
        held: Number(task.held),
        enhanceFace: Number(task.enhanceFace),
        idempotencyKey: mark?.key ?? null,
        requestFingerprint: mark?.fingerprint ?? null,
      })
      files.forEach((file, position) => {
        insertInto('files', {
          ...file,
          taskId: task.id,
          position,
          damaged: Number(file.damaged),
          strips: Math.ceil(file.height / file.stripRows),
        })
      })
    },

    byId: (id: string): StoredTask | undefined =>
      db.get<StoredTask>(`SELECT ${TASK} FROM tasks WHERE id = ?`, id),

    /** The task started with this key, at or after `since`. */
    startedUnder: (accountId: number, key: string, since: number): StartedTask | undefined =>
      db.get<StartedTask>(
        `SELECT id, price, request_fingerprint AS fingerprint FROM tasks
         WHERE account_id = ? AND idempotency_key = ? AND created_at >= ?`,
        accountId,
        key,
        since,
      ),

    /** The IDs of the files of unfinished tasks. */
    unfinishedFiles: (): ReadonlySet<string> =>
      new Set(
        db
          .all<{ id: string }>(
            `SELECT files.id FROM files JOIN tasks ON tasks.id = files.task_id WHERE ${UNFINISHED}`,
          )
          .map(({ id }) => id),
      ),

    /** All tasks that have begun, newest first. */
    history: (accountId: number): (StoredTask & { readonly fileCount: number })[] =>
      db.all(
        `SELECT ${TASK}, (SELECT count(*) FROM files WHERE task_id = tasks.id) AS fileCount
         FROM tasks WHERE account_id = ? AND held = 0 ORDER BY created_at DESC, seq DESC`,
        accountId,
      ),

    /** In display order, from a listing number on. */
    ofAccount: (accountId: number, listing: number): StoredTask[] =>
      db.all<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE account_id = ? AND listing >= ? ORDER BY listing DESC`,
        accountId,
        listing,
      ),

    /** The task of a demo that nobody has checked yet. */
    heldDemo: (accountId: number, demo: string): StoredTask | undefined =>
      db.get<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE account_id = ? AND demo = ? AND held = 1`,
        accountId,
        demo,
      ),

    relist(taskId: string, listing: number): void {
      db.run('UPDATE tasks SET listing = ? WHERE id = ?', listing, taskId)
    },

    /** Begins a held task. False if another request was faster. */
    release(taskId: string, createdAt: number, expiresAt: number | null): boolean {
      const changed = db.run(
        `UPDATE tasks SET held = 0, created_at = ?, expires_at = coalesce(?, expires_at)
         WHERE id = ? AND held = 1`,
        createdAt,
        expiresAt,
        taskId,
      )
      return changed > 0
    },

    /** One above the highest listing so far. */
    nextListing: (): number =>
      (db.get<{ top: number | null }>('SELECT max(listing) AS top FROM tasks')?.top ?? 0) + 1,

    filesOf: (taskId: string): StoredFile[] =>
      db.all<StoredFile>(`SELECT ${FILE} FROM files WHERE task_id = ? ORDER BY position`, taskId),

    file: (id: string): StoredFile | undefined =>
      db.get<StoredFile>(`SELECT ${FILE} FROM files WHERE id = ?`, id),

    /** First come, first served; a task begun before a restart is the oldest. */
    nextInQueue: (): StoredTask | undefined =>
      db.get<StoredTask>(
        `SELECT ${TASK} FROM tasks
         WHERE ${UNFINISHED} AND paced = 1 AND held = 0 ORDER BY seq LIMIT 1`,
      ),

    unfinishedUnpaced: (): StoredTask[] =>
      db.all<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE ${UNFINISHED} AND paced = 0 ORDER BY seq`,
      ),

    /** Strips done and total strips, over all files of a task. */
    work: (taskId: string): { readonly done: number; readonly all: number } =>
      db.get<{ done: number; all: number }>(
        'SELECT sum(strips_done) AS done, sum(strips) AS "all" FROM files WHERE task_id = ?',
        taskId,
      ) ?? { done: 0, all: 0 },

    begin(taskId: string): void {
      db.run(`UPDATE tasks SET status = 'ENHANCING' WHERE id = ? AND ${UNFINISHED}`, taskId)
    },

    /** `max`: repeating a strip must not reduce the progress. */
    stripDone(fileId: string, done: number): void {
      db.run('UPDATE files SET strips_done = max(strips_done, ?) WHERE id = ?', done, fileId)
    },

    fileDone(fileId: string, result: Result): void {
      db.run(
        `UPDATE files SET strips_done = strips, source_size = ?, result_size = ?, result_width = ?,
           result_height = ? WHERE id = ?`,
        result.sourceSize,
        result.size,
        result.width,
        result.height,
        fileId,
      )
    },

    fileFailed(fileId: string, reason: string): void {
      db.run('UPDATE files SET strips_done = strips, error = ? WHERE id = ?', reason, fileId)
    },

    finish(taskId: string, { expiresAt, cost, error }: Finish): void {
      db.run(
        `UPDATE tasks SET status = 'PROCESSED', expires_at = coalesce(expires_at, ?), cost = ?, error = ?
         WHERE id = ? AND ${UNFINISHED}`,
        expiresAt,
        cost,
        error,
        taskId,
      )
    },

    fail(taskId: string, reason: string): void {
      db.run(
        `UPDATE tasks SET status = 'PROCESSING_FAILED', error = ? WHERE id = ? AND ${UNFINISHED}`,
        reason,
        taskId,
      )
    },
  }
}
