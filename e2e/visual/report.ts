import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Comparison } from './compare.ts'
import { fileOf, type Shot, shotsOf } from './draw.ts'

/** Writes an HTML page that shows a comparison, beside its images; returns its path. */
export async function writeReport(
  folder: string,
  { differences, added, removed, compared }: Comparison,
  labels: { readonly was: string; readonly is: string },
): Promise<string> {
  const named = (shot: Shot) => ({ ...shot, file: fileOf(shot) })
  const only = (subjects: readonly string[]) => subjects.flatMap(shotsOf).map(named)
  const data = {
    labels,
    compared,
    differences: differences.map((difference) => ({ ...difference, ...named(difference) })),
    added: only(added),
    removed: only(removed),
  }
  const template = await readFile(new URL('report.html', import.meta.url), 'utf8')
  // "<" in a script could end it.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  const page = join(folder, 'index.html')
  await writeFile(
    page,
    template.replace('{"placeholder":true}', () => json),
  )
  return page
}
