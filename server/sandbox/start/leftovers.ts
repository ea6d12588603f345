import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Paths } from '../data-dir.ts'
import { isAlive } from '../work/claim.ts'

interface UnfinishedFile {
  readonly id: string
  readonly taskId: string
}

/**
 * Removes what a process that was killed has left: uploads that never became a task, and originals
 * and work of tasks that ended. `unfinished` are the files that are still to be worked on.
 */
export async function removeLeftovers(
  { uploads, originals, works }: Paths,
  unfinished: () => readonly UnfinishedFile[],
): Promise<void> {
  // In a container the process before had the same id.
  await removeFrom(uploads, (pid) => Number(pid) !== process.pid && isAlive(Number(pid)))
  const [files, tasks] = await Promise.all([names(originals), names(works)])
  // Asked after that, so that what has come meanwhile is not taken for a leftover.
  const needed = new Set(unfinished().flatMap(({ id, taskId }) => [id, taskId]))
  await removeFrom(originals, (name) => needed.has(name), files)
  await removeFrom(works, (name) => needed.has(name), tasks)
}

async function removeFrom(
  folder: string,
  isNeeded: (name: string) => boolean,
  found?: readonly string[],
): Promise<void> {
  for (const name of found ?? (await names(folder))) {
    if (!isNeeded(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
