import { useEffect, useRef, useState } from 'react'
import { discardEmpty, download, pickFile, writeFile } from '../files/disk.ts'
import { bundle, type Failure, type Item, type Tally } from '../files/save-all.ts'

/** How far the saving of all files is. */
export type AllState =
  | { readonly kind: 'idle' }
  /** Links are being asked for: of how many tasks they have come. */
  | { readonly kind: 'asking'; readonly done: number; readonly count: number }
  | ({ readonly kind: 'running' } & Tally)
  | ({ readonly kind: 'done'; readonly name: string } & Tally)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string; readonly failures: readonly Failure[] }

/** Brings what is to be saved; tells how far it is. */
export type Gather = (
  signal: AbortSignal,
  tell: (done: number, count: number) => void,
) => Promise<readonly Item[]> | readonly Item[]

/** Saves many files as one zip, to disk as it grows where the browser can do that. */
export function useSaveAll() {
  const [state, setState] = useState<AllState>({ kind: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function save(gather: Gather, zipName: string): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    let file: Awaited<ReturnType<typeof pickFile>> = null
    let last: Tally = { count: 0, done: 0, bytes: 0, failures: [] }
    try {
      // First, because the browser lets a page ask for a place only just after a click.
      file = await pickFile(zipName)
      if (file === null) return
      running.current?.abort()
      running.current = controller
      const items = await gather(signal, (done, count) => setState({ kind: 'asking', done, count }))
      signal.throwIfAborted()
      last = { ...last, count: items.length }
      setState({ kind: 'running', ...last })
      const made = await bundle(items, signal, (tally) => {
        last = tally
        setState({ kind: 'running', ...tally })
      })
      let name = zipName
      if (made.kind === 'zip') {
        if (file === 'unsupported') {
          const whole = await new Response(made.content).blob()
          signal.throwIfAborted()
          download(whole, zipName)
        } else {
          await writeFile(file, made.content, signal)
          name = file.name
        }
      } else if (made.kind === 'one') {
        name = made.arrived.item.name
        download(made.arrived.blob, name)
      }
      if (made.kind !== 'zip' && file !== 'unsupported') await discardEmpty(file)
      setState(
        made.kind === 'none'
          ? { kind: 'failed', reason: 'No file could be fetched.', failures: last.failures }
          : { kind: 'done', name, ...last },
      )
    } catch (error) {
      if (file !== null && file !== 'unsupported') await discardEmpty(file)
      const reason = error instanceof Error ? error.message : String(error)
      setState(
        signal.aborted
          ? { kind: 'cancelled' }
          : {
              kind: 'failed',
              reason: `It could not be written: ${reason}`,
              failures: last.failures,
            },
      )
    }
  }

  return { state, save, cancel: () => running.current?.abort() }
}
