import type { StartSettings } from '../../api/create-task.ts'
import { settingsKey } from '../../uploads/run-again.ts'
import type { Upload } from '../../uploads/upload.ts'

/** Which images become one task. before: those that were one task before. */
export type Split = 'each' | 'all' | 'before'

/** Ways to split the images; `why`: there is a reason why not all can become one task. */
export interface Splits {
  /** Empty if there are not several images. */
  readonly offered: readonly Split[]
  /** The way unless the user chooses another. */
  readonly usual: Split
  readonly why: 'mixed' | 'single-only' | null
}

export function splitsOf(ready: readonly Upload[], singleOnly: boolean): Splits {
  if (ready.length < 2) return { offered: [], usual: 'each', why: null }
  if (singleOnly) return { offered: ['each'], usual: 'each', why: 'single-only' }
  const isMixed = !isOfOneKind(ready)
  const groups = groupsOf(ready).filter(({ length }) => length > 1)
  const isWhole = groups[0]?.length === ready.length
  const offered: readonly Split[] = [
    ...(groups.length > 0 && !isWhole ? (['before'] as const) : []),
    'each',
    ...(isMixed ? [] : (['all'] as const)),
  ]
  const usual = groups.length === 0 ? 'each' : isWhole ? 'all' : 'before'
  return { offered, usual, why: isMixed ? 'mixed' : null }
}

const isOfOneKind = (uploads: readonly Upload[]): boolean =>
  new Set(uploads.map(({ source }) => source.kind === 'url')).size === 1

/** The images by the tasks that they are run again from, those of a task of several images together. */
function groupsOf(ready: readonly Upload[]): readonly (readonly Upload[])[] {
  const groups = new Map<string, readonly Upload[]>()
  for (const upload of ready) {
    const { id, earlier } = upload
    const name = earlier === null || earlier.count === 1 ? id : `task ${earlier.taskId}`
    groups.set(name, [...(groups.get(name) ?? []), upload])
  }
  return [...groups.values()].flatMap((group) =>
    isOfOneKind(group) ? [group] : group.map((one) => [one]),
  )
}

/** Images that are started with the same settings: one task each, or one for all. */
export interface PlannedStart {
  readonly ids: readonly string[]
  readonly settings: StartSettings
  readonly asGroup: boolean
}

/** What to start. All images of one task have the settings of its first. */
export function planStarts(
  ready: readonly Upload[],
  split: Split,
  settingsOf: (upload: Upload) => StartSettings,
): readonly PlannedStart[] {
  const groups =
    split === 'all' ? [ready] : split === 'before' ? groupsOf(ready) : ready.map((one) => [one])
  const starts = new Map<string, PlannedStart>()
  for (const [first, ...others] of groups) {
    if (first === undefined) continue
    const settings = settingsOf(first)
    const asGroup = others.length > 0
    const name = asGroup ? first.id : settingsKey(settings)
    const ids = [first, ...others].map(({ id }) => id)
    const same = starts.get(name)?.ids ?? []
    starts.set(name, { ids: [...same, ...ids], settings, asGroup })
  }
  return [...starts.values()]
}
