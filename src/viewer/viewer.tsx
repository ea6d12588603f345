import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { useFileDrop } from '../components/use-file-drop.ts'
import { CompareChooser } from './compare-chooser.tsx'
import { directionOf } from './compare-math.ts'
import { CompareStrip } from './compare-strip.tsx'
import { type Command, commandOf } from './keys.ts'
import { LOADING, type Load, type Picture } from './picture.ts'
import { Stage } from './stage.tsx'
import { DropNote, FailedNote, KeysNote, LoadingNote } from './stage-notes.tsx'
import { useCompare } from './use-compare.ts'
import { useModal } from './use-modal.ts'
import { useZoom } from './use-zoom.ts'
import { ViewerHeader } from './viewer-header.tsx'
import { ZoomBar } from './zoom-bar.tsx'

const PAN = 80

interface ViewerProps {
  /** Never empty. A picture keeps its `id` when its URL is renewed, and its URL while that is good. */
  readonly pictures: readonly Picture[]
  /** The place in `pictures` to start at. */
  readonly openAt: number
  /** What the pictures were made from, where that is at hand: Compare starts with it. It goes nowhere. */
  readonly madeFrom: Blob | null
  /** By picture id, what the person gave as the original instead. It is read here and goes nowhere. */
  readonly originals: ReadonlyMap<string, Blob>
  /** The person gave an original: it is compared with once it comes back in `originals`. */
  readonly onOriginal: (id: string, file: File) => void
  /** The way to a new link, for a picture whose link has ended; null where nobody asks. */
  readonly fresh: ReactNode
  /** The picture with this URL could not be loaded; there may be a newer one for it. */
  readonly onFailed: (url: string) => void
  /** The person is done; the viewer closes by being taken off the page. */
  readonly onClose: () => void
}

/** Pictures over the whole window: to zoom into, and to compare. Open for as long as it is rendered. */
export function Viewer(props: ViewerProps) {
  const { pictures, openAt, madeFrom, originals, fresh, onOriginal, onFailed, onClose } = props
  const [id, setId] = useState(pictures[openAt]?.id)
  const found = pictures.findIndex((picture) => picture.id === id)
  const index = found === -1 ? 0 : found
  const picture = pictures[index]
  if (picture === undefined) return null
  return (
    <OpenViewer
      picture={picture}
      index={index}
      pictures={pictures}
      original={originals.get(picture.id) ?? madeFrom}
      startsOn={originals.has(picture.id)}
      onShow={setId}
      onOriginal={onOriginal}
      fresh={fresh}
      onFailed={onFailed}
      onClose={onClose}
    />
  )
}

interface OpenViewerProps extends Omit<ViewerProps, 'openAt' | 'madeFrom' | 'originals'> {
  readonly picture: Picture
  readonly index: number
  readonly original: Blob | null
  /** The person has given the original to be compared with. */
  readonly startsOn: boolean
  readonly onShow: (id: string) => void
}

function OpenViewer(props: OpenViewerProps) {
  const { picture, index, pictures, original, startsOn, onShow, onOriginal, onClose } = props
  const { fresh, onFailed } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [stage, setStage] = useState<HTMLDivElement | null>(null)
  const [attempt, setAttempt] = useState(0)
  const source = `${attempt} ${picture.id} ${picture.url}`
  const [loaded, setLoaded] = useState<{ source: string; load: Load } | null>(null)
  const load = loaded?.source === source ? loaded.load : LOADING
  const [isHelpOpen, setHelpOpen] = useState(false)
  const compare = useCompare(picture, pictures, original, startsOn, load, onOriginal, onFailed)
  const drop = useFileDrop(compare.withFile)

  const zoom = useZoom(stage, load.kind === 'shown' ? load.size : null, (event) => {
    if (event.type === 'wheel') return true
    if (event.target instanceof Element && event.target.closest('[data-handle]') !== null) {
      return false
    }
    // One finger moves the lens, two the picture.
    const isOneFinger = 'touches' in event && (event as TouchEvent).touches.length === 1
    return !(isOneFinger && compare.partner !== null && compare.mode === 'lens')
  })

  useModal(dialog)
  const isComparing = compare.partner !== null && !compare.isChoosing
  // What had the focus may be gone, such as the divider; keys go on working.
  useEffect(() => {
    if (!isComparing) stage?.focus({ preventScroll: true })
  }, [stage, isComparing])

  const showNeighbour = (by: number) => {
    const neighbour = pictures[index + by]
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
    else onClose()
  }
  return (
    <dialog
      ref={dialog}
      data-theme="dark"
      aria-labelledby={titleId}
      onCancel={(event) => {
        // The file field's "cancel" passes here as well.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        step()
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget && !event.currentTarget.open) onClose()
      }}
      {...drop.handlers}
      className="m-0 hidden h-dvh max-h-none w-full max-w-none flex-col bg-neutral-950 p-0 text-ink open:flex backdrop:bg-neutral-950"
    >
      <ViewerHeader
        titleId={titleId}
        title={picture.title}
        position={index + 1}
        count={pictures.length}
        size={load.kind === 'shown' ? load.size : null}
        isComparing={compare.isOn}
        isHelpOpen={isHelpOpen}
        onCompare={commands.compare}
        onHelp={commands.help}
        onClose={onClose}
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
          picture={picture}
          source={source}
          load={load}
          onLoad={(next) => {
            setLoaded({ source, load: next })
            if (next.kind === 'failed') onFailed(picture.url)
          }}
          view={zoom.view}
          stageSize={zoom.stageSize}
          compare={compare.partner === null ? null : { ...compare, partner: compare.partner }}
        />
        {load.kind === 'failed' ? (
          <FailedNote url={picture.url} fresh={fresh} onAgain={() => setAttempt(attempt + 1)} />
        ) : load.kind === 'loading' ? (
          <LoadingNote text="Loading the full picture…" />
        ) : compare.partner !== null && compare.load.kind === 'loading' ? (
          <LoadingNote text="Loading the other picture…" />
        ) : null}
        {compare.isChoosing ? (
          <CompareChooser
            others={pictures.filter((other) => other.id !== picture.id)}
            originalName={
              original === null ? undefined : original instanceof File ? original.name : null
            }
            problem={compare.problem}
            onFile={compare.withFile}
            onOriginal={compare.withOriginal}
            onPicture={compare.withPicture}
            onClose={compare.closeChoice}
          />
        ) : null}
        {isHelpOpen ? <KeysNote /> : null}
      </div>
      <ZoomBar
        isFirst={index === 0}
        isLast={index === pictures.length - 1}
        percent={zoom.percent}
        isFit={zoom.isFit}
        isActual={zoom.isActual}
        run={(command) => commands[command]()}
      />
      {drop.isOver ? <DropNote title={picture.title} /> : null}
    </dialog>
  )
}
