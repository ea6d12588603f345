import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { deferred } from '../components/deferred.tsx'
import { useFileDrop } from '../components/use-file-drop.ts'
import { useSteadyUrls } from '../components/use-steady-urls.ts'
import type { Batch, Listing } from '../files/batch.ts'
import { isClosed } from '../files/fetch-file.ts'
import { fileNames } from '../files/file-name.ts'
import { fileState, type LinkSource, livingLink } from '../files/file-state.ts'
import { chosenFolder, subscribeToFolder } from '../files/folder-choice.ts'
import { nameTemplate, subscribeToTemplate } from '../files/name-choice.ts'
import { originalOf } from '../files/originals.ts'
import { type Saves, savesOf, type Wanted } from '../files/saves.ts'
import { now, useReading } from '../lib/clock.ts'
import type { Settings, TaskFile } from '../upscayl/task.ts'
import { FileCard, fileTitle } from './file-card.tsx'
import { FileTools } from './file-tools.tsx'
import { HeldPictures, otherHosts } from './held-pictures.tsx'

const Viewer = deferred(async () => (await import('../viewer/viewer.tsx')).Viewer)

export interface FileGridProps {
  readonly taskId: string
  readonly files: readonly TaskFile[]
  readonly settings: Settings
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** When the question was sent whose answer lists these files, epoch milliseconds. */
  readonly askedAt: number
  readonly source: LinkSource
  /** The way to a new answer, for a file whose link has ended; null where nobody asks. */
  readonly fresh: ReactNode
  /** The same, where all files are saved. */
  readonly renew: (() => Promise<Listing | null>) | null
}

/** From here on what is out of sight is neither laid out nor kept up to date. */
const MANY = 60

/** The files of a task: each as a card, all to be saved at once or by themselves. */
export function FileGrid(props: FileGridProps) {
  const { taskId, settings, clockSkew, askedAt, source } = props
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
  const hosts = source === 'asked' ? [] : otherHosts(files)
  const held = hosts.some((host) => !loaded.includes(host))
  const saves = savesOf(`${source} ${taskId}`)
  const template = useSyncExternalStore(subscribeToTemplate, nameTemplate, nameTemplate)
  const names = useMemo(
    () => fileNames(template, { id: taskId, settings, files }),
    [template, taskId, settings, files],
  )
  const [shown, setShown] = useState<number | null>(null)
  const [originals, setOriginals] = useState<ReadonlyMap<string, Blob>>(new Map())

  /** What is alive now, to be fetched. */
  const wanted = useCallback((): Wanted[] => {
    const at = now()
    return files.flatMap((file, n) => {
      const refusal = saves.refusalOf(file.id)
      const url = livingLink(fileState(file, { clockSkew, askedAt, refusal, source }, at).value)
      return url === null
        ? []
        : [{ id: file.id, url, name: names[n] ?? '', promised: { file, settings } }]
    })
  }, [files, names, settings, clockSkew, askedAt, source, saves])

  const batch: Batch = {
    id: taskId,
    source,
    known: () => ({ id: taskId, settings, files, clockSkew, askedAt }),
    ask: props.renew,
    refusalOf: saves.refusalOf,
  }

  const folder = useSyncExternalStore(subscribeToFolder, chosenFolder, chosenFolder)
  useEffect(() => {
    // What somebody else sent fills no folder by itself.
    if (folder !== null && source === 'asked') void saves.fill(folder, wanted())
  }, [folder, saves, wanted, source])

  const alone = files.length === 1
  const many = files.length > MANY
  return (
    <>
      {source === 'withheld' ? (
        <p className="mt-1 text-sm text-muted">The sender left the download links out.</p>
      ) : (
        <FileTools taskId={taskId} settings={settings} files={files} batch={batch} />
      )}
      {held ? <HeldPictures hosts={hosts} onLoad={() => setLoaded(hosts)} /> : null}
      <ul
        className={`mt-3 grid gap-4 ${alone ? 'grid-cols-1' : 'grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))]'}`}
      >
        {files.map((file, n) => (
          <LiveCard
            key={file.id}
            {...props}
            file={file}
            name={names[n] ?? ''}
            saves={saves}
            alone={alone}
            many={many}
            held={held}
            onBroken={onFailed}
            onPreview={() => setShown(n)}
            onOriginal={(original) => {
              setOriginals(new Map(originals).set(file.id, original))
              setShown(n)
            }}
          />
        ))}
      </ul>
      {shown === null ? null : (
        <Viewer
          pictures={files.flatMap((file) =>
            file.downloadUrl === null
              ? []
              : [
                  {
                    id: file.id,
                    title: fileTitle(file),
                    url: steady(file.id, file.downloadUrl),
                    thumbnailUrl: file.thumbnailUrl,
                  },
                ],
          )}
          openAt={files.slice(0, shown).filter((file) => file.downloadUrl !== null).length}
          madeFrom={originalOf(taskId)}
          originals={originals}
          onOriginal={(id, file) => setOriginals(new Map(originals).set(id, file))}
          fresh={props.fresh}
          onFailed={onFailed}
          onClose={() => setShown(null)}
        />
      )}
    </>
  )
}

interface LiveCardProps extends FileGridProps {
  readonly file: TaskFile
  readonly name: string
  readonly saves: Saves
  readonly alone: boolean
  readonly many: boolean
  /** Nothing is loaded from the hosts of these files before the person wants it. */
  readonly held: boolean
  readonly onBroken: (url: string) => void
  readonly onPreview: () => void
  /** The original was dropped here, to be compared with. It stays in this browser. */
  readonly onOriginal: (original: File) => void
}

/** A card in its own time; among many, only while it can be seen. */
function LiveCard({ saves, many, onOriginal, ...props }: LiveCardProps) {
  const { file, name, settings, clockSkew, askedAt, source } = props
  const [element, setElement] = useState<HTMLElement | null>(null)
  const seen = useSeen(many ? element : null)
  const saveOf = () => saves.of(file.id)
  const save = useSyncExternalStore(saves.subscribe, saveOf, saveOf)
  const refusalOf = () => saves.refusalOf(file.id)
  const refusal = useSyncExternalStore(saves.subscribe, refusalOf, refusalOf)
  const state = useReading(
    useCallback(
      (at: number) => {
        const reading = fileState(file, { clockSkew, askedAt, refusal, source }, at)
        return seen ? reading : { ...reading, changesAt: null }
      },
      [file, clockSkew, askedAt, refusal, source, seen],
    ),
  )
  const url = livingLink(state)
  const found = useClosed(props.held ? null : url)
  const closed = found || (save.kind === 'failed' && save.fault.kind === 'closed')
  const { isOver, handlers } = useFileDrop(onOriginal)
  const wanted = { id: file.id, url: url ?? '', name, promised: { file, settings } }
  return (
    <li
      ref={setElement}
      {...(url === null || props.held ? {} : handlers)}
      className={`min-w-0 rounded-xl ${isOver ? 'outline-2 outline-accent' : ''} ${many ? '[contain-intrinsic-size:auto_22rem] [content-visibility:auto]' : ''}`}
    >
      <FileCard
        {...props}
        state={state}
        save={save}
        closed={closed}
        seen={seen}
        onSave={() => void saves.save(wanted)}
        onCheck={() => void saves.check(wanted)}
        onCancel={() => saves.cancel(file.id)}
      />
    </li>
  )
}

/** Whether the browser draws what it may skip (CSS Containment 2, 4.5); always, where it skips nothing. */
function useSeen(element: HTMLElement | null): boolean {
  const [seen, setSeen] = useState(true)
  useEffect(() => {
    if (element === null) return
    const look = (event: Event) =>
      setSeen(!(event as ContentVisibilityAutoStateChangeEvent).skipped)
    element.addEventListener('contentvisibilityautostatechange', look)
    return () => element.removeEventListener('contentvisibilityautostatechange', look)
  }, [element])
  return seen
}

/** Whether the host of this link keeps its files from pages; false until that is known. */
function useClosed(url: string | null): boolean {
  const [closed, setClosed] = useState(false)
  const origin = url === null ? null : new URL(url).origin
  // biome-ignore lint/correctness/useExhaustiveDependencies: a host answers alike for all of its files
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
