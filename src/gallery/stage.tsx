import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { PICTURES } from '../../core/api/samples.ts'
import { holdClock } from '../lib/clock.ts'
import type { GalleryState } from './states/state.ts'

interface StageProps {
  readonly state: GalleryState
  /** Time at which the clock is held, epoch milliseconds. */
  readonly at: number
  /** Frame around the page. The stage's own state is outside of it, so that a page may fail. */
  readonly frame: (page: ReactNode) => ReactNode
}

const MARK = 'stage'

/** Renders a state at its time, plays its interactions, and marks <html> when complete. */
export function Stage({ state, at, frame }: StageProps) {
  const [held, setHeld] = useState(false)
  // Before the first render that reads the time.
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

/** The gallery has its own images: a static deployment has no sandbox to generate any. */
export const pictures = (): string => `${location.origin}/pictures`

/** Kept in memory, so that the browser keeps them in its cache. */
let loading: Promise<readonly HTMLImageElement[]> | null = null

/** Loads them before rendering: corners of a late image have another shade each time. */
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

/** Resolves when all parts, fonts and images are loaded, including lazy ones and those that follow. */
async function whole(): Promise<void> {
  const frame = () => new Promise(requestAnimationFrame)
  let images: HTMLImageElement[]
  do {
    images = [...document.images]
    for (const image of images) image.loading = 'eager'
    await Promise.all([
      document.fonts.ready,
      ...images.map((image) => image.decode().catch(() => {})),
    ])
    // What follows a loaded image is drawn, such as the full image in place of its thumbnail.
    await frame()
    await frame()
  } while (document.querySelector('[aria-busy=true]') !== null || !isSame(images, document.images))
}

const isSame = (before: readonly Element[], after: HTMLCollectionOf<Element>): boolean =>
  before.length === after.length && before.every((one, index) => one === after[index])
