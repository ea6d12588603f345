import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import type { Batch, Listing } from '../downloads/batch.ts'
import { type DownloadQueue, downloadQueueFor, type Wanted } from '../downloads/download-queue.ts'
import { fileNames } from '../downloads/file-name.ts'
import { fileState, type LinkSource, livingLink } from '../downloads/file-state.ts'
import { chosenFolder } from '../downloads/file-system.ts'
import { matchOriginals } from '../downloads/match-originals.ts'
import { nameTemplate } from '../downloads/name-template.ts'
import { useOriginals } from '../downloads/originals.ts'
import { now } from '../lib/clock.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { deferredDialog } from '../ui/deferred.tsx'
import { useSteadyUrls } from '../ui/use-steady-urls.ts'
import type { Compared } from '../viewer/use-compare.ts'
import type { ViewerProps } from '../viewer/viewer.tsx'
import { askedComparison } from './asked-comparison.ts'
import { fileTitle } from './file-title.ts'
import { ManyResults } from './many-results.tsx'
import { OneResult } from './one-result.tsx'

const Viewer = deferredDialog(async () => (await import('../viewer/viewer.tsx')).Viewer)
const renderPlain: RenderViewer = (props) => <Viewer {...props} />

export interface ResultsProps {
  readonly taskId: string
  /** Name of the task, for its zip. */
  readonly title: string
  /** At least one. */
  readonly files: readonly TaskFile[]
  readonly settings: Settings
  /** Milliseconds by which the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Time at which the request for this listing was sent, epoch milliseconds. */
  readonly requestedAt: number
  readonly source: LinkSource
  /** More images of the batch may come. */
  readonly running: boolean
  /** Button to renew the expired link of a file; null in views that send no requests. */
  readonly fresh: ReactNode
  /** Same, for downloading all files. */
  readonly renew: (() => Promise<Listing | null>) | null
  /** Its end was seen on this page: Download gets the focus. */
  readonly justEnded: boolean
  /** How the task stands. */
  readonly status: ReactNode
  /** Other actions on the task, such as to run it again. */
  readonly actions: ReactNode
  /** Settings, credits and ID. */
  readonly details: ReactNode
  /** Viewer that can compare with results of other tasks. */
  readonly renderViewer?: RenderViewer | undefined
}

export type RenderViewer = (props: ViewerProps) => ReactNode

/** Data and actions shared by all views of the files. */
export interface ResultsModel extends ResultsProps {
  readonly names: readonly string[]
  readonly saves: DownloadQueue
  readonly batch: Batch
  /** Nothing is loaded from the hosts of these files until the user allows it. */
  readonly held: boolean
  /** Notice with the button that allows it; null if nothing is held. */
  readonly hold: ReactNode
  /** URL of the full image, the same as long as it is valid. */
  readonly urlOf: (file: TaskFile, newest: string) => string
  readonly originalOf: (file: TaskFile) => Blob | null
  /** The original was selected for comparison. It stays in this browser. */
  readonly onOriginal: (file: TaskFile, original: File) => void
  readonly onBroken: (url: string) => void
  /** `isCompared`: with its original, as after that was selected. */
  readonly onPreview: (file: TaskFile, isCompared?: boolean) => void
}

/** The open image, and what it is compared with at first. */
interface Shown {
  readonly id: string
  readonly compares: Compared | null
}

/** The files of a task, so far: one large image, or a grid. */
export function Results(props: ResultsProps) {
  const { taskId, settings, clockSkew, requestedAt, source, running } = props
  const { renderViewer = renderPlain } = props
  const { of: steady, onFailed } = useSteadyUrls()
  const files = useMemo(
    () =>
      props.files.map((file) =>
        file.thumbnailUrl === null
          ? file
          : { ...file, thumbnailUrl: steady(`small ${file.id}`, file.thumbnailUrl) },
      ),
    [props.files, steady],
  )
  const [loaded, setLoaded] = useState<readonly string[]>([])
  const hosts = source === 'own' ? [] : otherHosts(files)
  const held = hosts.some((host) => !loaded.includes(host))
  const saves = downloadQueueFor(`${source} ${taskId}`)
  const template = useStore(nameTemplate)
  const names = useMemo(
    () => fileNames(template, { id: taskId, settings, files }),
    [template, taskId, settings, files],
  )
  const [shown, setShown] = useState<Shown | null>(null)
  const sent = useOriginals(taskId)
  /** Selected on this page. */
  const [selected, setSelected] = useState<ReadonlyMap<string, Blob>>(new Map())
  const originals = useMemo<ReadonlyMap<string, Blob>>(
    () => new Map([...matchOriginals(files, sent, !running), ...selected]),
    [files, sent, running, selected],
  )
  const isBatch = files.length > 1 || sent.length > 1 || (running && settings.batchMode === true)

  /** Files with live links, to be fetched. */
  const wanted = useCallback((): Wanted[] => {
    const at = now()
    return files.flatMap((file, n) => {
      const refusal = saves.refusalOf(file.id)
      const url = livingLink(fileState(file, { clockSkew, requestedAt, refusal, source }, at).value)
      return url === null
        ? []
        : [{ id: file.id, url, name: names[n] ?? '', expected: { file, settings } }]
    })
  }, [files, names, settings, clockSkew, requestedAt, source, saves])

  const folder = useStore(chosenFolder)
  useEffect(() => {
    // Files shared by somebody else are never saved to a folder automatically.
    if (folder !== null && source === 'own') void saves.fill(folder, wanted())
  }, [folder, saves, wanted, source])

  const asked = useStore(askedComparison)
  useEffect(() => {
    if (asked?.taskId !== taskId) return
    askedComparison.set(null)
    const first = files.find(({ downloadUrl }) => downloadUrl !== null)
    const compares = { kind: 'run', taskId: asked.otherId } as const
    if (first !== undefined) setShown({ id: first.id, compares })
  }, [asked, taskId, files])

  const model: ResultsModel = {
    ...props,
    files,
    names,
    saves,
    batch: {
      id: taskId,
      source,
      only: null,
      known: () => ({ id: taskId, settings, files, clockSkew, requestedAt }),
      refetch: props.renew,
      refusalOf: saves.refusalOf,
    },
    held,
    hold: held ? <Hold hosts={hosts} onLoad={() => setLoaded(hosts)} /> : null,
    urlOf: (file, newest) => steady(file.id, newest),
    originalOf: (file) => originals.get(file.id) ?? null,
    onOriginal: (file, original) => setSelected(new Map(selected).set(file.id, original)),
    onBroken: onFailed,
    onPreview: ({ id }, isCompared = selected.has(id)) =>
      setShown({ id, compares: isCompared ? { kind: 'original' } : null }),
  }
  const [only] = files
  return (
    <>
      {only !== undefined && !isBatch ? (
        <OneResult model={model} file={only} />
      ) : (
        <ManyResults {...model} />
      )}
      {shown === null
        ? null
        : renderViewer({
            images: files.flatMap((file, n) =>
              file.downloadUrl === null
                ? []
                : [
                    {
                      id: file.id,
                      title: fileTitle(file),
                      url: steady(file.id, file.downloadUrl),
                      thumbnailUrl: file.thumbnailUrl,
                      save: saverOf(saves, wanted, file.id),
                      saveAs: names[n] ?? '',
                    },
                  ],
            ),
            openAt: shown.id,
            compares: shown.compares,
            originals,
            onOriginal: (id, file) => setSelected(new Map(selected).set(id, file)),
            fresh: props.fresh,
            onFailed,
            onClose: () => setShown(null),
          })}
    </>
  )
}

/** Saves the file by its current link, if it still has one. */
const saverOf = (saves: DownloadQueue, wanted: () => readonly Wanted[], id: string) => () => {
  const one = wanted().find((it) => it.id === id)
  if (one !== undefined) void saves.save(one)
}

interface HoldProps {
  readonly hosts: readonly string[]
  readonly onLoad: () => void
}

/** The creator of a link chose the hosts of its images, and hosts learn who loads them. */
function Hold({ hosts, onLoad }: HoldProps) {
  const [first, ...more] = hosts
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  return (
    <div className="mb-3 flex flex-wrap items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm text-muted">
      <p className="min-w-0 flex-1 text-pretty [overflow-wrap:anywhere]">
        The images are on {first}
        {others}. Loading them shows that host your visit.
      </p>
      <Button onClick={onLoad}>Load images</Button>
    </div>
  )
}

/** Third-party hosts of a task's files. */
function otherHosts(files: readonly TaskFile[]): readonly string[] {
  const hosts = files
    .flatMap(({ downloadUrl, thumbnailUrl }) => [downloadUrl, thumbnailUrl])
    .flatMap((link) => (link === null ? [] : [new URL(link)]))
    .filter(({ origin, protocol }) => protocol !== 'data:' && origin !== location.origin)
    .map(({ host }) => host)
  return [...new Set(hosts)]
}
