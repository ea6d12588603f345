import type { Env, ExecutionContext } from '../worker/runtime.ts'
import worker from '../worker.ts'
import { TIME_HEADER } from './server.ts'

/* The Worker with a clock that is steered: each request says what time it is. For tests: no part of the program. */

export { KeyObject } from '../worker.ts'

let time = 0
Date.now = () => time

export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    time = Number(request.headers.get(TIME_HEADER))
    return worker.fetch(request, env, context)
  },
}
