import { useState } from 'react'
import { shapesDiffer } from './compare-math.ts'
import { type CompareMode, LOADING, type Load, type Partner, type Picture } from './picture.ts'
import { useObjectUrl } from './use-object-url.ts'

type Phase = 'off' | 'choosing' | 'on'

const NOT_A_PICTURE = 'This file is not a picture that this browser can show. It was not kept.'

interface Compare {
  /** Null while nothing is compared, or there is nothing yet to compare with. */
  readonly partner: Partner | null
  readonly load: Load
  readonly mode: CompareMode
  readonly isOn: boolean
  readonly isChoosing: boolean
  readonly problem: string | null
  readonly setMode: (mode: CompareMode) => void
  readonly toggle: () => void
  readonly choose: () => void
  readonly closeChoice: () => void
  readonly withFile: (file: File) => void
  readonly withOriginal: () => void
  readonly withPicture: (id: string) => void
  readonly onLoad: (load: Load) => void
  /** What a person should know of the comparison, or null. */
  readonly remark: string | null
}

/** What `picture` is compared with, and how. It stays on from picture to picture. */
export function useCompare(
  picture: Picture,
  pictures: readonly Picture[],
  original: Blob | null,
  startsOn: boolean,
  pictureLoad: Load,
  onOriginal: (id: string, file: File) => void,
  onFailed: (url: string) => void,
): Compare {
  const [phase, setPhase] = useState<Phase>(startsOn ? 'on' : 'off')
  const [mode, setMode] = useState<CompareMode>('slider')
  const [otherId, setOtherId] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly load: Load } | null>(null)
  const originalUrl = useObjectUrl(phase === 'off' ? null : original)

  const other = pictures.find(({ id }) => id === otherId && id !== picture.id)
  const partner: Partner | null =
    phase === 'off'
      ? null
      : other !== undefined
        ? { url: other.url, label: other.title, pictureLabel: picture.title, isOriginal: false }
        : originalUrl !== null
          ? { url: originalUrl, label: 'Original', pictureLabel: 'Result', isOriginal: true }
          : null
  const load = partner !== null && loaded?.url === partner.url ? loaded.load : LOADING
  const lacksPartner = other === undefined && original === null

  const start = (id: string | null) => {
    setOtherId(id)
    setProblem(null)
    setPhase('on')
  }
  return {
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
    withFile: (file) => {
      // What the system has no type for may still be a picture: its decoding tells.
      if (file.type !== '' && !file.type.startsWith('image/')) {
        setProblem(NOT_A_PICTURE)
        setPhase('choosing')
        return
      }
      onOriginal(picture.id, file)
      start(null)
    },
    withOriginal: () => start(null),
    withPicture: start,
    onLoad: (next) => {
      if (partner === null) return
      setLoaded({ url: partner.url, load: next })
      if (next.kind === 'failed') onFailed(partner.url)
    },
    remark: remarkOn(partner, load, pictureLoad),
  }
}

function remarkOn(partner: Partner | null, load: Load, pictureLoad: Load): string | null {
  if (partner === null) return null
  if (load.kind === 'failed') {
    return partner.isOriginal
      ? 'The original is of a kind that this browser cannot show. Choose another file.'
      : 'The other picture could not be loaded. Choose another one.'
  }
  if (load.kind === 'loading' || pictureLoad.kind !== 'shown') return null
  if (!shapesDiffer(load.size, pictureLoad.size)) return null
  return partner.isOriginal
    ? 'The two differ in shape: the original is stretched to the result’s.'
    : 'The two differ in shape: the other picture is stretched.'
}
