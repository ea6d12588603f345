import type { Memory } from '../polling/memory.ts'

/** The watch list as the asker's memory. It is loaded when the first question has been sent. */
export function memoryOf(keyHash: string): Memory {
  const list = async () => (await import('../watchlist/list.ts')).listOf(keyHash)
  return {
    recall: async (id) => (await list()).recall(id),
    remember: async (...answer) => {
      // Without the code nothing can be remembered; the next answer tries again.
      const loaded = await list().catch(() => null)
      loaded?.remember(...answer)
    },
  }
}
