/** Messages between tabs of this origin. */
export interface Channel {
  readonly post: (message: unknown) => void
  /** Receives messages of other tabs. Returns a function to stop. */
  readonly listen: (listener: (message: unknown) => void) => () => void
  readonly close: () => void
}

/** If the browser has no channels, no messages are sent or received: each tab is on its own. */
export function openChannel(name: string): Channel {
  const listeners = new Set<(message: unknown) => void>()
  let channel: BroadcastChannel | null = null
  try {
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => {
      for (const listener of [...listeners]) listener(data)
    }
  } catch {
    // Missing or blocked.
  }
  return {
    post(message) {
      try {
        channel?.postMessage(message)
      } catch {
        // Closed, or blocked by now.
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      listeners.clear()
      try {
        channel?.close()
      } catch {
        // No channel is open.
      }
    },
  }
}
