import { useState } from 'react'
import { shapesDiffer } from './compare-math.ts'
import { useObjectUrl } from './use-object-url.ts'
import {
  type CompareMode,
  LOADING,
  type Load,
  type Partner,
  type ViewerImage,
} from './viewer-image.ts'

type Phase = 'off' | 'choosing' | 'on'

const NOT_AN_IMAGE = 'This browser can’t show that file. Choose another.'

/** Comparison of `image` and its mode. It stays on from image to image. */
export function useCompare(
  image: ViewerImage,
  images: readonly ViewerImage[],
  original: Blob | null,
  startsOn: boolean,
  imageLoad: Load,
  onOriginal: (id: string, file: File) => void,
  onFailed: (url: string) => void,
) {
  const [phase, setPhase] = useState<Phase>(startsOn ? 'on' : 'off')
  const [mode, setMode] = useState<CompareMode>('slider')
  const [otherId, setOtherId] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly load: Load } | null>(null)
  const originalUrl = useObjectUrl(phase === 'off' ? null : original)

  const other = images.find(({ id }) => id === otherId && id !== image.id)
  const partner: Partner | null =
    phase === 'off'
      ? null
      : other !== undefined
        ? { url: other.url, label: other.title, imageLabel: image.title, isOriginal: false }
        : originalUrl !== null
          ? { url: originalUrl, label: 'Original', imageLabel: 'Result', isOriginal: true }
          : null
  const load = partner !== null && loaded?.url === partner.url ? loaded.load : LOADING
  const lacksPartner = other === undefined && original === null

  const start = (id: string | null) => {
    setOtherId(id)
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
      start(null)
    },
    withOriginal: () => start(null),
    withImage: start,
    onLoad: (next: Load) => {
      if (partner === null) return
      setLoaded({ url: partner.url, load: next })
      if (next.kind === 'failed') onFailed(partner.url)
    },
    /** Note for the user on the comparison, or null. */
    remark: remarkOn(partner, load, imageLoad),
  }
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
