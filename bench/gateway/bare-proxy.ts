/** tsx bench/gateway/bare-proxy.ts <upstream>: passes all on as it is. What node:http itself costs. */
import { Agent, request as ask, createServer } from 'node:http'
import { announce } from './programs.ts'

const { hostname, port } = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true })

announce(
  createServer((request, response) => {
    const { method, url, headers } = request
    const question = ask({ hostname, port, agent, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    question.on('error', () => response.destroy())
    request.pipe(question)
  }),
)
