/**
 * tsx bench/gateway/bare-proxy.ts <upstream>: forwards everything unchanged. Measures the cost of
 * node:http itself.
 */
import { Agent, createServer, request as httpRequest } from 'node:http'
import { announce } from './programs.ts'

const { hostname, port } = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true })

announce(
  createServer((request, response) => {
    const { method, url, headers } = request
    const upstreamRequest = httpRequest(
      { hostname, port, agent, method, path: url, headers },
      (upstreamResponse) => {
        response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers)
        upstreamResponse.pipe(response)
      },
    )
    upstreamRequest.on('error', () => response.destroy())
    request.pipe(upstreamRequest)
  }),
)
