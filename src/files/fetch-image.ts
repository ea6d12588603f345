import { err, type Result } from '../lib/result.ts'
import { glanceAt } from './examine.ts'
import { type FetchFault, fetchFile, type Received } from './fetch-file.ts'
import { type Promised, type Unfit, unfitness } from './verify.ts'

/** Fetches a file to be kept: what is empty, cut off or no image at all has not arrived. */
export async function fetchImage(
  url: string,
  promised: Promised,
  signal: AbortSignal,
  onReceived?: (received: Received) => void,
): Promise<Result<Blob, FetchFault | Unfit>> {
  const result = await fetchFile(url, signal, onReceived)
  if (!result.ok) return result
  const unfit = unfitness(await glanceAt(result.value), promised)
  return unfit === null ? result : err(unfit)
}
