import { createStore } from '../lib/store.ts'

/** Images dropped or pasted on another page, until New task takes them. */
export const incomingImages = createStore<readonly File[]>([])
