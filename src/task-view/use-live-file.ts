import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import type { DownloadQueue, SaveState, Wanted } from '../downloads/download-queue.ts'
import { isClosed } from '../downloads/fetch-file.ts'
import {
  type FileState,
  fileState,
  type LinkSource,
  livingLink,
  type Refusal,
} from '../downloads/file-state.ts'
import { useReading } from '../lib/clock.ts'

export interface LiveFileOptions {
  readonly file: TaskFile
  /** File name for saving. */
  readonly name: string
  readonly settings: Settings
  /** Milliseconds by which the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Time at which the request for this listing was sent, epoch milliseconds. */
  readonly requestedAt: number
  readonly source: LinkSource
  /** Whether its task still runs. */
  readonly running: boolean
  readonly saves: DownloadQueue
  /** Nothing is loaded from its host until the user allows it. */
  readonly held: boolean
  /** Off-screen countdowns are not updated. */
  readonly seen: boolean
}

/** A file with the state of its link and its download. */
export interface LiveFile {
  readonly state: FileState
  readonly save: SaveState
  /** Its host has no CORS: the browser saves the file, under a name of its own choice. */
  readonly closed: boolean
  readonly onSave: () => void
  readonly onCheck: () => void
  readonly onCancel: () => void
}

export function useLiveFile(options: LiveFileOptions): LiveFile {
  const { file, name, settings, clockSkew, requestedAt, source, running, saves, held, seen } =
    options
  const saveOf = () => saves.of(file.id)
  const save = useSyncExternalStore(saves.subscribe, saveOf, saveOf)
  const refusalOf = () => saves.refusalOf(file.id)
  const refusal = useSyncExternalStore(saves.subscribe, refusalOf, refusalOf)
  const state = useReading(readState, file, clockSkew, requestedAt, refusal, source, running, seen)
  const url = livingLink(state)
  const found = useClosed(held ? null : url)
  const wanted: Wanted = { id: file.id, url: url ?? '', name, expected: { file, settings } }
  return {
    state,
    save,
    closed: found || (save.kind === 'failed' && save.fault.kind === 'closed'),
    onSave: () => void saves.save(wanted),
    onCheck: () => void saves.check(wanted),
    onCancel: () => saves.cancel(file.id),
  }
}

function readState(
  file: TaskFile,
  clockSkew: number,
  requestedAt: number,
  refusal: Refusal | null,
  source: LinkSource,
  running: boolean,
  seen: boolean,
  at: number,
) {
  const reading = fileState(file, { clockSkew, requestedAt, refusal, source, running }, at)
  return seen ? reading : { ...reading, changesAt: null }
}

/** Whether the host of this link has no CORS; false until known. */
function useClosed(url: string | null): boolean {
  const [closed, setClosed] = useState(false)
  const origin = url === null ? null : new URL(url).origin
  // biome-ignore lint/correctness/useExhaustiveDependencies: all files of a host behave alike
  useEffect(() => {
    if (url === null || origin === location.origin) return
    let left = false
    void isClosed(url).then((closed) => {
      if (!left) setClosed(closed)
    })
    return () => {
      left = true
    }
  }, [origin])
  return closed
}
