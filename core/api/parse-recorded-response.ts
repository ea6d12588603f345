import { type ParsedResponse, parseResponse } from './parse-response.ts'
import type { RawResponse } from './raw-response.ts'

const NO_KEY = ''

/** Parses a recorded response as if it came at `time` (epoch ms). */
export const parseRecordedResponse = (
  { status, headers, body }: RawResponse,
  time: number,
): ParsedResponse => parseResponse(status, new Headers(headers), body, NO_KEY, time)
