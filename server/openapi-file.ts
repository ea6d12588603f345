import { readFile } from 'node:fs/promises'

/** The text of openapi.yaml. */
export const readContract = (): Promise<string> =>
  readFile(new URL('openapi.yaml', import.meta.url), 'utf8')
