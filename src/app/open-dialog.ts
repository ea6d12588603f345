import { createStore } from '../lib/store.ts'

/** The app's own dialogs, one at a time. */
export type AppDialog = 'shortcuts' | 'search' | 'replace-key' | 'names'

export const openDialog = createStore<AppDialog | null>(null)
export const closeDialog = (): void => openDialog.set(null)
