import { readAnswer, type Understood } from './read-answer.ts'
import type { Reply } from './reply.ts'

const NO_KEY = ''

/** What the dashboard understands of a reply that came at `time` (epoch ms). */
export const readReply = ({ status, headers, body }: Reply, time: number): Understood =>
  readAnswer(status, new Headers(headers), body, NO_KEY, time)
