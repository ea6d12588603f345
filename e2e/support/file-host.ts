import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Handler for one request to a file host; `rest` is the path after the route name. */
export type FileRoute = (response: ServerResponse, rest: string, request: IncomingMessage) => void

export interface FileHost {
  /** Its origin, and that of the API that serves the tasks. */
  readonly url: string
  /** Paths requested, in order. */
  readonly asked: readonly string[]
  readonly stop: () => Promise<void>
}

/** Status with which a status request is rejected. */
export type Refusal = 400 | 401 | 402 | 403 | 404

interface FileHostOptions {
  /**
   * The `data` of each task, given the origin of the links and the number of earlier requests; or
   * an error status.
   */
  readonly tasks: Readonly<Record<string, (base: string, earlier: number) => object | Refusal>>
  readonly routes: Readonly<Record<string, FileRoute>>
}

/** Pages can't read files under this path (no CORS). */
export const CLOSED = '/closed'

/** An API whose files are on another origin than the dashboard, readable by pages (CORS). */
export async function startFileHost({ tasks, routes }: FileHostOptions): Promise<FileHost> {
  const paths: string[] = []
  const requestCounts = new Map<string, number>()
  let url = ''
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    paths.push(path)
    if (!path.startsWith(CLOSED)) response.setHeader('access-control-allow-origin', '*')
    if (path === '/get-task-status') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { data }: { data: { taskId: string } } = JSON.parse(Buffer.concat(chunks).toString())
      const earlier = requestCounts.get(data.taskId) ?? 0
      requestCounts.set(data.taskId, earlier + 1)
      const task = tasks[data.taskId]?.(url, earlier)
      response.setHeader('content-type', 'application/json')
      if (typeof task === 'number') {
        response.writeHead(task).end('{"error":"REFUSED","message":"Not now."}')
        return
      }
      response.end(JSON.stringify({ status: 'success', data: task }))
      return
    }
    const [, name = '', rest = ''] = /^\/([^/]*)\/?(.*)$/.exec(path) ?? []
    const route = routes[name]
    // As on hosts that sign links for GET only.
    if (request.method === 'HEAD') {
      response.removeHeader('access-control-allow-origin')
      response.writeHead(403).end()
    } else if (route !== undefined) route(response, rest, request)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked: paths,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A finished task with these files. */
export const doneTask = (files: readonly object[]): object => ({
  status: 'PROCESSED',
  progress: '100',
  deductedCredits: 10,
  creditsDeducted: true,
  model: 'upscayl-standard-4x',
  scale: 4,
  saveImageAs: 'png',
  files,
})

/** Bytes that differ for each seed and do not compress (Marsaglia, xorshift32). */
export function randomBytes(seed: number, length: number): Buffer<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = (seed + 1) * 2_654_435_761
  for (let n = 0; n < words.length; n++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[n] = state
  }
  return Buffer.from(words.buffer, 0, length)
}
