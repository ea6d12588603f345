import type { Download } from '@playwright/test'
import yauzl from 'yauzl'

/** Entries of a zip in their order, read by a program that shares no code with the writer. */
export async function zipOf(download: Download): Promise<Map<string, Buffer>> {
  const path = await download.path()
  const zip = await yauzl.openPromise(path)
  const files = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk)
    files.set(entry.fileName, Buffer.concat(chunks))
  }
  return files
}
