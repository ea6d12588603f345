import type { TaskId } from '../../core/api/task-id.ts'

/* The task that an image belongs to: it was started with it, or its result is the image. */

const earlier = new WeakMap<File, TaskId>()

/** A task that is started with the image is linked to this one. */
export const keepEarlier = (image: File, taskId: TaskId): void => void earlier.set(image, taskId)

/** Null for an image from elsewhere. */
export const earlierOf = (image: File): TaskId | null => earlier.get(image) ?? null
