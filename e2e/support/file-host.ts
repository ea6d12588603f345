import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a host of files does with one request; the rest of its path, after the name of the route. */
export type FileRoute = (response: ServerResponse, rest: string, request: IncomingMessage) => void

export interface FileHost {
  /** Its origin; also that of an API which knows the tasks. */
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[]
  readonly stop: () => Promise<void>
}

/** The status that a question is refused with. */
export type Refusal = 400 | 401 | 402 | 403 | 404

interface FileHostOptions {
  /** The `data` of each task, given the origin of the links and how often it was asked before; or a refusal. */
  readonly tasks: Readonly<Record<string, (base: string, earlier: number) => object | Refusal>>
  readonly routes: Readonly<Record<string, FileRoute>>
}

/** What is below this path no page may read. */
export const CLOSED = '/closed'

/** An API whose files are on another origin than the dashboard, which pages may read (CORS). */
export async function startFileHost({ tasks, routes }: FileHostOptions): Promise<FileHost> {
  const asked: string[] = []
  const questions = new Map<string, number>()
  let url = ''
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    asked.push(path)
    if (!path.startsWith(CLOSED)) response.setHeader('access-control-allow-origin', '*')
    if (path === '/get-task-status') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { data }: { data: { taskId: string } } = JSON.parse(Buffer.concat(chunks).toString())
      const earlier = questions.get(data.taskId) ?? 0
      questions.set(data.taskId, earlier + 1)
      const answer = tasks[data.taskId]?.(url, earlier)
      response.setHeader('content-type', 'application/json')
      if (typeof answer === 'number') {
        response.writeHead(answer).end('{"error":"REFUSED","message":"Not now."}')
        return
      }
      response.end(JSON.stringify({ status: 'success', data: answer }))
      return
    }
    const [, name = '', rest = ''] = /^\/([^/]*)\/?(.*)$/.exec(path) ?? []
    const route = routes[name]
    // As where links are signed for GET.
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
    asked,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A done task with these files. */
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

/** Bytes that no two seeds share, and no compression shortens (Marsaglia, xorshift32). */
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
