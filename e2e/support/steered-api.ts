import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HOUR } from '../../core/lib/units.ts'

/** An API with a clock that the test controls, and the real API's limit: `limit` requests in any hour. */
export interface SteeredApi {
  readonly url: string
  /** Epoch milliseconds; the test advances it together with the page's clock. */
  now: number
  /** Accepted requests in the hour before `now`, or in the last `span` milliseconds. */
  readonly recent: (span?: number) => number
  readonly asked: ReadonlyMap<string, number>
  /** Number of responses with 429. */
  refused: number
  readonly inFlight: () => number
  readonly stop: () => Promise<void>
}

interface SteeredApiOptions {
  readonly start: number
  readonly limit: number
  /** Start and end of each task, epoch milliseconds. */
  readonly tasks: ReadonlyMap<string, { readonly began: number; readonly ends: number }>
}

export async function startSteeredApi({ start, limit, tasks }: SteeredApiOptions) {
  const sent: number[] = []
  const requestCounts = new Map<string, number>()
  let inFlight = 0
  const recent = (span = HOUR) => sent.filter((at) => at > api.now - span).length

  const server = createServer(async (request, response) => {
    inFlight++
    response.on('close', () => inFlight--)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { data }: { data: { taskId: string } } = JSON.parse(Buffer.concat(chunks).toString())
    response.setHeader('content-type', 'application/json')
    response.setHeader('date', new Date(api.now).toUTCString())
    if (recent() >= limit) {
      api.refused++
      response.writeHead(429).end('{"error":"RATE_LIMIT_EXCEEDED"}')
      return
    }
    sent.push(api.now)
    requestCounts.set(data.taskId, (requestCounts.get(data.taskId) ?? 0) + 1)
    const { began, ends } = tasks.get(data.taskId) ?? { began: 0, ends: 0 }
    const done = api.now >= ends
    const progress = Math.min(99, Math.floor((100 * (api.now - began)) / (ends - began)))
    const downloadLink = `${api.url}/${data.taskId}.png`
    const file = { _id: `${data.taskId}-file`, fileName: `${data.taskId}.png`, downloadLink }
    const task = done
      ? {
          status: 'PROCESSED',
          progress: '100',
          deductedCredits: 10,
          creditsDeducted: true,
          files: [file],
        }
      : { status: 'ENHANCING', progress: String(progress), creditsDeducted: false, files: [] }
    response.end(JSON.stringify({ status: 'success', data: task }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const api: SteeredApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    now: start,
    recent,
    asked: requestCounts,
    refused: 0,
    inFlight: () => inFlight,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return api
}
