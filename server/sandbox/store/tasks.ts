import type { ModelId } from '../../../src/upscayl/models.ts'
import type { Picture } from '../../../src/upscayl/samples.ts'
import type { Database } from '../../database.ts'

export type Status = 'PROCESSING' | 'ENHANCING' | 'PROCESSED' | 'PROCESSING_FAILED'
export type Format = 'png' | 'jpg' | 'webp'

/** What a task is made from. Times are epoch milliseconds. */
export interface NewTask {
  readonly id: string
  readonly accountId: number
  readonly demo: string
  readonly listing: number
  /** A paced task waits in the queue; any other is finished at once, outside of it. */
  readonly paced: boolean
  readonly price: number
  readonly model: ModelId
  readonly scale: number
  readonly saveImageAs: Format
  readonly compression: number
  readonly enhanceFace: boolean
  readonly createdAt: number
  /** Null: a fixed time after the end. */
  readonly expiresAt: number | null
  readonly files: readonly NewFile[]
}

export interface NewFile {
  readonly id: string
  readonly originalName: string
  /** What to paint as the original; one that was uploaded lies there already. */
  readonly picture: Picture | 'upload'
  readonly seed: number
  readonly width: number
  readonly height: number
  /** The upload broke off: its bytes end too early. */
  readonly damaged: boolean
  /** Source rows upscaled in one step. */
  readonly stripRows: number
}

/** By what a second request for the same start is known. */
export interface RequestMark {
  readonly key: string
  /** The same for the same order. */
  readonly fingerprint: string
}

export interface StoredTask extends Omit<NewTask, 'paced' | 'enhanceFace' | 'files'> {
  readonly seq: number
  readonly status: Status
  readonly paced: number
  readonly enhanceFace: number
  readonly error: string | null
}

export interface StoredFile extends Omit<NewFile, 'damaged'> {
  readonly taskId: string
  readonly position: number
  readonly damaged: number
  readonly strips: number
  readonly stripsDone: number
  readonly sourceSize: number | null
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

const TASK = `seq, id, account_id AS accountId, demo, listing, status, paced, price, model, scale,
  save_image_as AS saveImageAs, compression, enhance_face AS enhanceFace, created_at AS createdAt,
  expires_at AS expiresAt, error`

const FILE = `id, task_id AS taskId, position, original_name AS originalName, picture, seed, width,
  height, damaged, strip_rows AS stripRows, strips, strips_done AS stripsDone,
  source_size AS sourceSize, result_size AS resultSize, result_width AS resultWidth,
  result_height AS resultHeight`

const UNFINISHED = `status IN ('PROCESSING', 'ENHANCING')`

export type Tasks = ReturnType<typeof createTasks>

export function createTasks(db: Database) {
  const insertFile = (taskId: string, file: NewFile, position: number) =>
    db.run(
      `INSERT INTO files (id, task_id, position, original_name, picture, seed, width, height,
         damaged, strip_rows, strips) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      file.id,
      taskId,
      position,
      file.originalName,
      file.picture,
      file.seed,
      file.width,
      file.height,
      Number(file.damaged),
      file.stripRows,
      Math.ceil(file.height / file.stripRows),
    )

  return {
    /** To be called in a transaction: a task and its files come together or not at all. */
    insert(task: NewTask, mark: RequestMark | null = null): void {
      db.run(
        `INSERT INTO tasks (id, account_id, demo, listing, paced, price, model, scale,
           save_image_as, compression, enhance_face, created_at, expires_at, idempotency_key,
           request_fingerprint)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        task.id,
        task.accountId,
        task.demo,
        task.listing,
        Number(task.paced),
        task.price,
        task.model,
        task.scale,
        task.saveImageAs,
        task.compression,
        Number(task.enhanceFace),
        task.createdAt,
        task.expiresAt,
        mark?.key ?? null,
        mark?.fingerprint ?? null,
      )
      task.files.forEach((file, position) => {
        insertFile(task.id, file, position)
      })
    },

    byId: (id: string): StoredTask | undefined =>
      db.get<StoredTask>(`SELECT ${TASK} FROM tasks WHERE id = ?`, id),

    /** The task that was started under this key, and not before `since`. */
    startedUnder: (accountId: number, key: string, since: number): StartedTask | undefined =>
      db.get<StartedTask>(
        `SELECT id, price, request_fingerprint AS fingerprint FROM tasks
         WHERE account_id = ? AND idempotency_key = ? AND created_at >= ?`,
        accountId,
        key,
        since,
      ),

    /** The files that are still to be worked on. */
    unfinishedFiles: (): { readonly id: string; readonly taskId: string }[] =>
      db.all<{ id: string; taskId: string }>(
        `SELECT files.id, task_id AS taskId FROM files JOIN tasks ON tasks.id = files.task_id WHERE ${UNFINISHED}`,
      ),

    /** As they should be shown. */
    ofAccount: (accountId: number): StoredTask[] =>
      db.all<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE account_id = ? ORDER BY listing DESC`,
        accountId,
      ),

    /** Greater than that of every task so far. */
    nextListing: (): number =>
      (db.get<{ top: number | null }>('SELECT max(listing) AS top FROM tasks')?.top ?? 0) + 1,

    filesOf: (taskId: string): StoredFile[] =>
      db.all<StoredFile>(`SELECT ${FILE} FROM files WHERE task_id = ? ORDER BY position`, taskId),

    file: (id: string): StoredFile | undefined =>
      db.get<StoredFile>(`SELECT ${FILE} FROM files WHERE id = ?`, id),

    /** First come, first served; what was begun before a restart is the oldest. */
    nextInQueue: (): StoredTask | undefined =>
      db.get<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE ${UNFINISHED} AND paced = 1 ORDER BY seq LIMIT 1`,
      ),

    unfinishedUnpaced: (): StoredTask[] =>
      db.all<StoredTask>(
        `SELECT ${TASK} FROM tasks WHERE ${UNFINISHED} AND paced = 0 ORDER BY seq`,
      ),

    /** Strips done and strips in all, over all files of a task. */
    work: (taskId: string): { readonly done: number; readonly all: number } =>
      db.get<{ done: number; all: number }>(
        'SELECT sum(strips_done) AS done, sum(strips) AS "all" FROM files WHERE task_id = ?',
        taskId,
      ) ?? { done: 0, all: 0 },

    begin(taskId: string): void {
      db.run(`UPDATE tasks SET status = 'ENHANCING' WHERE id = ? AND ${UNFINISHED}`, taskId)
    },

    /** `max`: a strip made a second time must not set the progress back. */
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

    finish(taskId: string, expiresAt: number): void {
      db.run(
        `UPDATE tasks SET status = 'PROCESSED', expires_at = coalesce(expires_at, ?)
         WHERE id = ? AND ${UNFINISHED}`,
        expiresAt,
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
