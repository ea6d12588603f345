import type { TaskFile } from '../../core/api/task.ts'
import { sameName } from './file-name.ts'
import type { Original } from './originals.ts'

type Named = Pick<TaskFile, 'id' | 'originalName'>

/**
 * The file that each result was made from, by the ID of the result: that of the same name, if no other has
 * it, or of a complete list the only one left. In which order results are listed is not documented, so it
 * says nothing.
 */
export function matchOriginals(
  results: readonly Named[],
  originals: readonly Original[],
  isComplete: boolean,
): ReadonlyMap<string, File> {
  const files = originals.flatMap((one) => (one.kind === 'file' ? [one.file] : []))
  const resultBy = onlyOnes(results, ({ originalName }) => originalName ?? '')
  const found = new Map<string, File>()
  for (const [name, file] of onlyOnes(files, (one) => one.name)) {
    const result = resultBy.get(name)
    if (file !== null && result != null) found.set(result.id, file)
  }
  if (!isComplete) return found
  const taken = new Set(found.values())
  const [result, ...others] = results.filter(({ id }) => !found.has(id))
  const [file, ...more] = files.filter((one) => !taken.has(one))
  const isLast = others.length === 0 && more.length === 0
  if (isLast && result !== undefined && file !== undefined) found.set(result.id, file)
  return found
}

/** Items by name; null for a name that several have. */
function onlyOnes<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T | null> {
  const by = new Map<string, T | null>()
  for (const item of items) {
    const name = sameName(nameOf(item))
    by.set(name, by.has(name) ? null : item)
  }
  return by
}
