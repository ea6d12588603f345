import { persistedPerKey } from '../../session/persisted-per-key.ts'
import { type Unfinished, unfinishedFormat } from '../../uploads/unfinished.ts'

/** Uploads of a key that are under way, of all tabs. */
export const unfinishedOf = persistedPerKey<readonly Unfinished[]>('uploads', [], unfinishedFormat)
