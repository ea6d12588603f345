import type { Source } from '../api/create-task.ts'
import type { EarlierTask } from './earlier-task.ts'
import { identityOf, sourcesOf } from './upload.ts'
import { isOpen, type Job } from './upload-job.ts'

export interface NewImages {
  /** Without duplicates. */
  readonly fresh: readonly Source[]
  /** Images that were added before, not started yet, and are now run again. */
  readonly linked: readonly Job[]
  /** Number of duplicates. */
  readonly skipped: number
}

/** Which images are new beside these jobs. An image that is run again from several tasks is new for each. */
export function newImages(
  jobs: readonly Job[],
  sources: readonly Source[],
  earlier: EarlierTask | null,
): NewImages {
  const open = jobs.filter(isOpen)
  const taskId = earlier?.taskId ?? null
  const known = new Set(
    open
      .filter(({ item }) => taskId === null || item.earlier?.taskId === taskId)
      .flatMap(({ item }) => sourcesOf(item.source).map(identityOf)),
  )
  const plain = new Map(
    taskId === null ? [] : open.filter(isPlain).map((job) => [identity(job), job]),
  )
  const fresh: Source[] = []
  const linked: Job[] = []
  for (const source of sources) {
    const name = identityOf(source)
    if (known.has(name)) continue
    known.add(name)
    const job = plain.get(name)
    if (job === undefined) fresh.push(source)
    else linked.push(job)
  }
  return { fresh, linked, skipped: sources.length - fresh.length - linked.length }
}

const isPlain = ({ item: { source, state, earlier } }: Job): boolean =>
  earlier === null &&
  source.kind !== 'group' &&
  (state.kind === 'ready' || state.kind === 'checking')

const identity = ({ item }: Job): string => sourcesOf(item.source).map(identityOf).join()
