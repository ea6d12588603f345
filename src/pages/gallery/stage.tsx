import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { holdClock } from '../../lib/clock.ts'
import { PICTURES } from '../../upscayl/samples.ts'
import type { GalleryState } from './states/state.ts'

interface StageProps {
  readonly state: GalleryState
  /** Where the clock stands, epoch milliseconds. */
  readonly at: number
  /** What is around the page. Outside of it the state is held, so that a page may also break. */
  readonly frame: (page: ReactNode) => ReactNode
}

const MARK = 'stage'

/** Draws one state at its time, plays what belongs to it, and says on <html> when the picture is whole. */
export function Stage({ state, at, frame }: StageProps) {
  const [held, setHeld] = useState(false)
  // Before anything is drawn that reads the time.
  useLayoutEffect(() => {
    let left = false
    holdClock(at)
    void loadPictures().then(() => {
      if (!left) setHeld(true)
    })
    return () => {
      left = true
      holdClock(null)
    }
  }, [at])

  useEffect(() => {
    if (!held) return
    let left = false
    const root = document.documentElement
    void (async () => {
      await state.play?.()
      await whole()
      if (!left) root.dataset[MARK] = 'ready'
    })()
    return () => {
      left = true
      delete root.dataset[MARK]
    }
  }, [state, held])

  return frame(held ? <Page state={state} at={at} /> : null)
}

const Page = ({ state, at }: Omit<StageProps, 'frame'>) => state.page({ at, base: pictures() })

/** The gallery brings its own pictures: a static deployment has no sandbox to paint any. */
export const pictures = (): string => `${location.origin}/pictures`

/** Kept, so that the browser keeps them too. */
let loading: Promise<readonly HTMLImageElement[]> | null = null

/**
 * Loads them before a page is drawn. The corners of a picture that comes while the page is being drawn
 * have another shade each time.
 */
export function loadPictures(): Promise<unknown> {
  loading ??= Promise.all(
    PICTURES.map(
      (name) =>
        new Promise<HTMLImageElement>((resolve) => {
          const image = new Image()
          image.onload = image.onerror = () => resolve(image)
          image.src = `${pictures()}/samples/${name}.webp`
        }),
    ),
  )
  return loading
}

/** Resolves when all parts, fonts and pictures are there, also those that would load when scrolled to. */
export async function whole(): Promise<void> {
  const frame = () => new Promise(requestAnimationFrame)
  do {
    await frame()
    await frame()
  } while (document.querySelector('[aria-busy=true]') !== null)
  const images = [...document.images]
  for (const image of images) image.loading = 'eager'
  await Promise.all([
    document.fonts.ready,
    ...images.map((image) => image.decode().catch(() => {})),
  ])
}
