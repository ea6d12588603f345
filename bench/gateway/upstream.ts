/**
 * A fast API for the benchmark, in its own process: `running-…` never ends and reports no
 * progress, so the schedule depends only on its age; `settled-…` is done and paid. Keys that
 * begin with `made-up` are invalid. A GET returns the number of requests per task.
 */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { announce } from './programs.ts'

const TASK_ID = /"taskId":"([\w-]+)"/

const requestCounts: Record<string, number> = {}
const startedAt = new Map<string, number>()

function responseFor(taskId: string): string {
  requestCounts[taskId] = (requestCounts[taskId] ?? 0) + 1
  const from = startedAt.get(taskId) ?? Date.now()
  startedAt.set(taskId, from)
  const settled = taskId.startsWith('settled-')
  return JSON.stringify({
    status: 'success',
    data: {
      status: settled ? 'PROCESSED' : 'PROCESSING',
      progress: settled ? '100' : '0',
      model: 'digital-art',
      scale: 4,
      saveImageAs: 'png',
      compression: 0,
      batchMode: false,
      enhanceFace: false,
      deductedCredits: settled ? 10 : 0,
      creditsDeducted: settled,
      files: [
        {
          fileName: `${taskId}.png`,
          originalFileName: `${taskId}.png`,
          fileType: 'image/png',
          fileSize: 1_048_576,
          path: `/files/${taskId}.png`,
          createdAt: from,
          expiresAt: from + 86_400_000,
          dimensions: { width: 1024, height: 768 },
          ...(settled ? { downloadLink: `https://files.example/${taskId}.png` } : {}),
        },
      ],
    },
  })
}

announce(
  createServer(async (request, response) => {
    const send = (status: number, body: string) => {
      const length = Buffer.byteLength(body)
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': length })
      response.end(body)
    }
    if (request.method === 'GET') return send(200, JSON.stringify(requestCounts))
    if (String(request.headers['x-api-key']).startsWith('made-up')) {
      return send(401, '{"error":"UNAUTHORIZED","message":"There is no such key."}')
    }
    const taskId = TASK_ID.exec(await text(request))?.[1]
    return taskId === undefined ? send(400, '"Bad Request"') : send(200, responseFor(taskId))
  }),
)
