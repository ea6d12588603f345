import { join, resolve } from 'node:path'
import { openInFolder } from '../data-folder.ts'
import type { Database } from '../database.ts'
import { MIGRATIONS } from './store/schema.ts'
import type { Format } from './store/tasks.ts'

const DATABASE = 'sandbox.db'

/** Where everything lies under the data directory. */
export interface Paths {
  readonly root: string
  readonly database: string
  /** Pictures on their way in, a folder for each process. */
  readonly uploads: string
  readonly originals: string
  readonly original: (fileId: string) => string
  readonly works: string
  /** All that belongs to a task that is not finished. */
  readonly work: (taskId: string) => string
  /** The original, decoded. */
  readonly decoded: (taskId: string, fileId: string) => string
  /** As much of the result as there is, not encoded yet. */
  readonly upscaled: (taskId: string, fileId: string) => string
  readonly result: (fileId: string, format: Format) => string
  readonly thumbnail: (fileId: string) => string
  readonly sample: (picture: string) => string
}

export function pathsIn(dataDir: string): Paths {
  const root = resolve(dataDir)
  return {
    root,
    database: join(root, DATABASE),
    uploads: join(root, 'uploads'),
    originals: join(root, 'originals'),
    original: (fileId) => join(root, 'originals', fileId),
    works: join(root, 'work'),
    work: (taskId) => join(root, 'work', taskId),
    decoded: (taskId, fileId) => join(root, 'work', taskId, `${fileId}.decoded.v`),
    upscaled: (taskId, fileId) => join(root, 'work', taskId, `${fileId}.upscaled.v`),
    result: (fileId, format) => join(root, 'results', `${fileId}.${format}`),
    thumbnail: (fileId) => join(root, 'thumbnails', `${fileId}.webp`),
    sample: (picture) => join(root, 'samples', `${picture}.webp`),
  }
}

/** Makes the directory if need be and opens its database. Throws one clear sentence. */
export const openDataDir = ({ root }: Paths): Promise<Database> =>
  openInFolder(root, DATABASE, MIGRATIONS)
