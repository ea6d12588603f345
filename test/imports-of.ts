import { readFileSync } from 'node:fs'

/** Static imports and re-exports, with their `type` keyword, and dynamic imports. */
const IMPORT =
  /^(?:import|export)\s+(type\s)?(?:[\w$*{},\s]*?\bfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gm

/** Modules that a file imports. `runtime` omits `import type`, which leaves nothing behind. */
export const importsOf = (file: string, kind: 'all' | 'runtime' = 'all'): readonly string[] =>
  Array.from(readFileSync(file, 'utf8').matchAll(IMPORT)).flatMap(([, type, fixed, later]) =>
    type !== undefined && kind === 'runtime' ? [] : [fixed ?? later ?? ''],
  )
