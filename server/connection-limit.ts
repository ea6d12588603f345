import type { Server } from 'node:http'

export interface ConnectionLimit {
  /** How many may be open at a time, of one address. */
  readonly mostPerAddress: number
  /** Whom a connection is counted for; null: nobody. */
  readonly addressOf: (remote: string | undefined) => string | null
}

/** Ends connections beyond the limit at once, so that nobody can take all of them. */
export function limitConnections(
  server: Server,
  { mostPerAddress, addressOf }: ConnectionLimit,
): void {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const address = addressOf(socket.remoteAddress)
    if (address === null) return
    const others = open.get(address) ?? 0
    if (others >= mostPerAddress) {
      socket.destroy()
      return
    }
    open.set(address, others + 1)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
}
