import type { Env, ExecutionContext } from '../../server/cloudflare/cloudflare-types.ts'
import worker from '../../server/worker.ts'
import { TIME_HEADER } from './server.ts'

/* The Worker with a controlled clock: each request sets the time. Only for tests. */

export { KeyObject } from '../../server/worker.ts'

let time = 0
Date.now = () => time

export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    time = Number(request.headers.get(TIME_HEADER))
    return worker.fetch(request, env, context)
  },
}
