/** One HTTP answer of the API as it came, before anything is read from it. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
