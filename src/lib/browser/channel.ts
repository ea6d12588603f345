/** What tabs of this origin say to each other. */
export interface Channel {
  readonly post: (message: unknown) => void
  /** Hears what other tabs post. Returns the way to stop. */
  readonly listen: (hear: (message: unknown) => void) => () => void
  readonly close: () => void
}

/** Where the browser gives none, nobody is heard and nobody hears: each tab is by itself. */
export function openChannel(name: string): Channel {
  const listeners = new Set<(message: unknown) => void>()
  let channel: BroadcastChannel | null = null
  try {
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => {
      for (const hear of [...listeners]) hear(data)
    }
  } catch {
    // It is missing or refused.
  }
  return {
    post(message) {
      try {
        channel?.postMessage(message)
      } catch {
        // It was closed, or is refused by now.
      }
    },
    listen(hear) {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
    close() {
      listeners.clear()
      try {
        channel?.close()
      } catch {
        // Nothing is open.
      }
    },
  }
}
