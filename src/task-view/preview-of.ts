import type { TaskFile } from '../../core/api/task.ts'

/** A small image that came with a shared page itself: shown also where the file has no link. */
export const previewOf = ({ thumbnailUrl }: TaskFile): string | null =>
  thumbnailUrl?.startsWith('data:') ? thumbnailUrl : null
