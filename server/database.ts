export type Value = string | number | null

/** SQLite with positional parameters. Every statement runs to completion, so none holds a read open. */
export interface Database {
  readonly all: <Row>(sql: string, ...values: Value[]) => Row[]
  readonly get: <Row>(sql: string, ...values: Value[]) => Row | undefined
  /** The number of rows changed. */
  readonly run: (sql: string, ...values: Value[]) => number
  /** Runs `work` in one IMMEDIATE transaction, which holds the write lock from the start. */
  readonly transaction: <T>(work: () => T) => T
  readonly close: () => void
}
