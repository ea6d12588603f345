import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { useModal } from '../ui/dialog.tsx'
import { useFileDrop } from '../ui/use-file-drop.ts'
import { CompareChooser } from './compare-chooser.tsx'
import { directionOf } from './compare-math.ts'
import { CompareStrip } from './compare-strip.tsx'
import { Filmstrip } from './filmstrip.tsx'
import { type Command, commandOf } from './keys.ts'
import { Stage } from './stage.tsx'
import { DropNote, FailedNote, KeysNote, LoadingNote } from './stage-notes.tsx'
import { type Compared, useCompare } from './use-compare.ts'
import { useHistoryEntry } from './use-history-entry.ts'
import { useZoom } from './use-zoom.ts'
import { ViewerHeader, ZoomBar } from './viewer-bars.tsx'
import { LOADING, type Load, type OtherRun, type ViewerImage } from './viewer-image.ts'

const PAN = 80

export interface ViewerProps {
  /** Never empty. An image keeps its `id` when its URL is renewed, and its URL while valid. */
  readonly images: readonly ViewerImage[]
  /** ID of the first image to show. */
  readonly openAt: string
  /** What is compared at first; null for nothing. */
  readonly compares: Compared | null
  /** Results of other runs of these images. */
  readonly runs?: readonly OtherRun[]
  /** Originals that are at hand, by image ID. They never leave the browser. */
  readonly originals: ReadonlyMap<string, Blob>
  /** The user selected an original; the comparison starts once it is in `originals`. */
  readonly onOriginal: (id: string, file: File) => void
  /** Button to renew the expired link of an image; null in views that send no requests. */
  readonly fresh: ReactNode
  /** The image at this URL could not be loaded; there may be a newer URL. */
  readonly onFailed: (url: string) => void
  /** The user is done; unmounting closes the viewer. */
  readonly onClose: () => void
}

/** Full-window viewer to zoom into and compare images. Open while mounted. */
export function Viewer(props: ViewerProps) {
  const { images, openAt, originals } = props
  const [id, setId] = useState(openAt)
  const index = Math.max(
    0,
    images.findIndex((image) => image.id === id),
  )
  const image = images[index]
  if (image === undefined) return null
  return (
    <OpenViewer
      {...props}
      image={image}
      index={index}
      original={originals.get(image.id) ?? null}
      onShow={setId}
    />
  )
}

interface OpenViewerProps extends Omit<ViewerProps, 'openAt' | 'originals'> {
  readonly image: ViewerImage
  readonly index: number
  readonly original: Blob | null
  readonly onShow: (id: string) => void
}

function OpenViewer(props: OpenViewerProps) {
  const { image, index, images, original, compares, onShow, onOriginal } = props
  const { runs = [], fresh, onFailed } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [stage, setStage] = useState<HTMLDivElement | null>(null)
  const [attempt, setAttempt] = useState(0)
  const source = `${attempt} ${image.id} ${image.url}`
  const [loaded, setLoaded] = useState<{ source: string; load: Load } | null>(null)
  const load = loaded?.source === source ? loaded.load : LOADING
  const [isHelpOpen, setHelpOpen] = useState(false)
  const ownRuns = runs.filter(({ title }) => title === null || title === image.title)
  const compare = useCompare({
    image,
    images,
    runs: ownRuns,
    original,
    compares,
    imageLoad: load,
    onOriginal,
    onFailed,
  })
  const drop = useFileDrop(compare.withFile)

  const zoom = useZoom(stage, load.kind === 'shown' ? load.size : null, (event) => {
    if (event.type === 'wheel') return true
    if (event.target instanceof Element && event.target.closest('[data-handle]') !== null) {
      return false
    }
    // One finger moves the lens, two the image.
    const isOneFinger = 'touches' in event && (event as TouchEvent).touches.length === 1
    return !(isOneFinger && compare.partner !== null && compare.mode === 'lens')
  })

  useModal(dialog)
  const close = useHistoryEntry(props.onClose)
  const isComparing = compare.partner !== null && !compare.isChoosing
  // The focused element may be gone, such as the divider; keys keep working.
  useEffect(() => {
    if (!isComparing) stage?.focus({ preventScroll: true })
  }, [stage, isComparing])

  const showNeighbour = (by: number) => {
    const neighbour = images[index + by]
    if (neighbour !== undefined) onShow(neighbour.id)
  }
  const commands: Readonly<Record<Command, () => void>> = {
    previous: () => showNeighbour(-1),
    next: () => showNeighbour(1),
    'zoom-in': zoom.zoomIn,
    'zoom-out': zoom.zoomOut,
    fit: zoom.fit,
    actual: zoom.actual,
    compare: () => {
      setHelpOpen(false)
      compare.toggle()
    },
    download: image.save,
    help: () => setHelpOpen(!isHelpOpen),
  }
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const way = event.shiftKey ? directionOf(event.key) : null
    const command = way === null ? commandOf(event.key) : null
    if (way !== null) zoom.panBy(-way.x * PAN, -way.y * PAN)
    else if (command === null) return
    else if (!event.repeat || command.startsWith('zoom')) commands[command]()
    event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])

  const step = () => {
    if (isHelpOpen) setHelpOpen(false)
    else if (compare.isChoosing) compare.closeChoice()
    else close()
  }
  return (
    <dialog
      ref={dialog}
      data-theme="dark"
      aria-labelledby={titleId}
      onCancel={(event) => {
        // The file input's "cancel" event bubbles here, too.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        step()
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget && !event.currentTarget.open) close()
      }}
      {...drop.handlers}
      className="covers-page m-0 hidden h-dvh max-h-none w-full max-w-none flex-col bg-neutral-950 p-0 text-ink open:flex backdrop:bg-neutral-950"
    >
      <ViewerHeader
        titleId={titleId}
        title={image.title}
        position={index + 1}
        count={images.length}
        size={load.kind === 'shown' ? load.size : null}
        isComparing={compare.isOn}
        isHelpOpen={isHelpOpen}
        saveAs={image.saveAs}
        onSave={image.save}
        onCompare={commands.compare}
        onHelp={commands.help}
        onClose={close}
      />
      {compare.partner === null ? null : (
        <CompareStrip
          partner={compare.partner}
          mode={compare.mode}
          onMode={compare.setMode}
          onChoose={compare.choose}
          isChoosing={compare.isChoosing}
          remark={compare.remark}
        />
      )}
      <div className="relative min-h-0 flex-1">
        <Stage
          ref={setStage}
          image={image}
          source={source}
          load={load}
          onLoad={(next) => {
            setLoaded({ source, load: next })
            if (next.kind === 'failed') onFailed(image.url)
          }}
          view={zoom.view}
          stageSize={zoom.stageSize}
          compare={compare.partner === null ? null : { ...compare, partner: compare.partner }}
        />
        {load.kind === 'failed' ? (
          <FailedNote url={image.url} fresh={fresh} onAgain={() => setAttempt(attempt + 1)} />
        ) : load.kind === 'loading' ? (
          <LoadingNote text="Loading the full image…" />
        ) : compare.partner !== null && compare.load.kind === 'loading' ? (
          <LoadingNote text="Loading the other image…" />
        ) : null}
        {compare.isChoosing ? (
          <CompareChooser
            runs={ownRuns}
            others={images.filter((other) => other.id !== image.id)}
            originalName={
              original === null ? undefined : original instanceof File ? original.name : null
            }
            problem={compare.problem}
            onFile={compare.withFile}
            onChoose={compare.start}
            onProblem={compare.report}
            onClose={compare.closeChoice}
          />
        ) : null}
        {isHelpOpen ? <KeysNote /> : null}
      </div>
      {images.length < 2 ? null : <Filmstrip images={images} current={image.id} onShow={onShow} />}
      <ZoomBar
        isFirst={index === 0}
        isLast={index === images.length - 1}
        percent={zoom.percent}
        isFit={zoom.isFit}
        isActual={zoom.isActual}
        run={(command) => commands[command]()}
      />
      {drop.isOver ? <DropNote title={image.title} /> : null}
    </dialog>
  )
}
