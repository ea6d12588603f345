import { err, ok, type Result } from '../../../core/lib/result.ts'

/** Text of a file, or why it can't be had: too large, a folder, gone, or not permitted. Never rejects. */
export function fileText(
  file: Blob,
  maxBytes: number,
  tooLarge: string,
): Promise<Result<string, string>> {
  if (file.size > maxBytes) return Promise.resolve(err(tooLarge))
  return file.text().then(ok, () => err('This file can’t be read.'))
}
