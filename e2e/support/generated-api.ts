import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { type PublicAnswer, publicAnswers } from '../../test/openapi/public-schema.ts'

export interface GeneratedApi {
  readonly url: string
  /** Response number <index> is always returned for the task `made-<index>`. */
  readonly answers: readonly PublicAnswer[]
  readonly stop: () => Promise<void>
}

/** An API built only from the real API's public page, with no knowledge of Loupe. */
export async function startGeneratedApi(seed: number, count: number): Promise<GeneratedApi> {
  const answers = fc.sample(publicAnswers, { seed, numRuns: count })
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { data }: { data: { taskId: string } } = JSON.parse(Buffer.concat(chunks).toString())
    const { status, body } = answers[Number(data.taskId.replace('made-', ''))] ?? { status: 500 }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
