import { useState } from 'react'
import { shapesDiffer } from './compare-math.ts'
import { useObjectUrl } from './use-object-url.ts'
import {
  type CompareMode,
  LOADING,
  type Load,
  type OtherRun,
  type Partner,
  type ViewerImage,
} from './viewer-image.ts'

type Phase = 'off' | 'choosing' | 'on'

const NOT_AN_IMAGE = 'This browser can’t show that file. Choose another.'

/** What the user has chosen; the original also where an image has no such run. */
export type Compared =
  | { readonly kind: 'original' }
  /** Another image of the task. */
  | { readonly kind: 'image'; readonly id: string }
  /** The result of another task. */
  | { readonly kind: 'run'; readonly taskId: string }

const ORIGINAL: Compared = { kind: 'original' }

interface CompareOptions {
  readonly image: ViewerImage
  readonly images: readonly ViewerImage[]
  /** Results of other runs of the image. */
  readonly runs: readonly OtherRun[]
  readonly original: Blob | null
  /** What is compared at first; null for nothing. */
  readonly compares: Compared | null
  readonly imageLoad: Load
  readonly onOriginal: (id: string, file: File) => void
  readonly onFailed: (url: string) => void
}

/** Comparison of `image` and its mode. It stays on from image to image. */
export function useCompare(options: CompareOptions) {
  const { image, images, runs, original, compares, imageLoad, onOriginal, onFailed } = options
  const [phase, setPhase] = useState<Phase>(compares === null ? 'off' : 'on')
  const [mode, setMode] = useState<CompareMode>('slider')
  const [chosen, setChosen] = useState<Compared>(compares ?? ORIGINAL)
  const [problem, setProblem] = useState<string | null>(null)
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly load: Load } | null>(null)
  const originalUrl = useObjectUrl(phase === 'off' ? null : original)

  const other = otherOf(chosen, image, images, runs)
  const url = other === undefined ? originalUrl : other.url
  const partner: Partner | null =
    phase === 'off' || url === null
      ? null
      : other === undefined
        ? { url, label: 'Original', imageLabel: 'Result', isOriginal: true }
        : { ...other, url, isOriginal: false }
  const load = partner !== null && loaded?.url === partner.url ? loaded.load : LOADING
  const lacksPartner = other === undefined ? original === null : other.url === null

  const start = (next: Compared) => {
    setChosen(next)
    setProblem(null)
    setPhase('on')
  }
  return {
    /** Null while nothing is compared, or nothing to compare with is ready. */
    partner,
    load,
    mode,
    problem,
    setMode,
    isOn: phase !== 'off',
    isChoosing: phase === 'choosing' || (phase === 'on' && lacksPartner),
    toggle: () => {
      setProblem(null)
      setPhase(phase === 'off' ? 'on' : 'off')
    },
    choose: () => setPhase(phase === 'choosing' ? 'on' : 'choosing'),
    closeChoice: () => setPhase(lacksPartner ? 'off' : 'on'),
    withFile: (file: File) => {
      // A file without a MIME type may still be an image: decoding decides.
      if (file.type !== '' && !file.type.startsWith('image/')) {
        setProblem(NOT_AN_IMAGE)
        setPhase('choosing')
        return
      }
      onOriginal(image.id, file)
      start(ORIGINAL)
    },
    /** A run has to have a link. */
    start,
    /** Why a choice is not possible now. */
    report: setProblem,
    onLoad: (next: Load) => {
      if (partner === null) return
      setLoaded({ url: partner.url, load: next })
      if (next.kind === 'failed') onFailed(partner.url)
    },
    /** Note for the user on the comparison, or null. */
    remark: remarkOn(partner, load, imageLoad),
  }
}

/** The other image, whose link may not be known; undefined is the original. */
function otherOf(
  chosen: Compared,
  image: ViewerImage,
  images: readonly ViewerImage[],
  runs: readonly OtherRun[],
) {
  if (chosen.kind === 'run') {
    const run = runs.find(({ taskId }) => taskId === chosen.taskId)
    return run && { url: run.url, label: run.settings || run.when, imageLabel: 'This run' }
  }
  const other = images.find(({ id }) => chosen.kind === 'image' && id === chosen.id)
  if (other === undefined || other === image) return
  return { url: other.url, label: other.title, imageLabel: image.title }
}

function remarkOn(partner: Partner | null, load: Load, imageLoad: Load): string | null {
  if (partner === null) return null
  if (load.kind === 'failed') {
    return partner.isOriginal
      ? 'This browser can’t show the original. Choose another file.'
      : 'Couldn’t load the other image. Choose another.'
  }
  if (load.kind === 'loading' || imageLoad.kind !== 'shown') return null
  if (!shapesDiffer(load.size, imageLoad.size)) return null
  return partner.isOriginal
    ? 'Different shapes: the original is stretched.'
    : 'Different shapes: the other image is stretched.'
}
