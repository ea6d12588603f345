import { pointer, select } from 'd3-selection'
// Adds transitions to selections.
import 'd3-transition'
import { type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { media } from '../lib/browser/media.ts'
import { onResize } from '../lib/browser/resize.ts'
import {
  actualScale,
  fitScale,
  fitted,
  held,
  percentOf,
  type Size,
  sameScale,
  scaledTo,
  scaleRange,
  type View,
} from './zoom-math.ts'

const STEP = 1.5
const GLIDE_MS = 140

const density = () => window.devicePixelRatio || 1
const reducedMotion = media('(prefers-reduced-motion: reduce)')
const glideMs = () => (reducedMotion.get() ? 0 : GLIDE_MS)
const asTransform = ({ x, y, k }: View) => zoomIdentity.translate(x, y).scale(k)
const asView = ({ x, y, k }: ZoomTransform): View => ({ x, y, k })

/**
 * View of an image on `stage`, moved by wheel, pinch, drag, double click and the returned
 * functions. `mayStart` excludes gestures, such as those on a divider.
 */
export function useZoom(
  stage: HTMLElement | null,
  image: Size | null,
  mayStart: (event: Event) => boolean,
) {
  const [view, setView] = useState<View | null>(null)
  const stageSize = useSize(stage)
  const conformance = useMemo(() => zoom<HTMLElement, unknown>(), [])
  const filter = useRef(mayStart)
  const wasFit = useRef(true)
  useLayoutEffect(() => {
    filter.current = mayStart
  })

  const goTo = useCallback(
    (next: (now: View) => View, ms: number) => {
      if (stage === null) return
      const { __zoom: now } = stage as HTMLElement & { __zoom?: ZoomTransform }
      if (now === undefined) return
      const target = asTransform(next(asView(now)))
      // Even a transition of no duration waits for a frame.
      if (ms === 0) select(stage).interrupt().call(conformance.transform, target)
      else select(stage).transition().duration(ms).call(conformance.transform, target)
    },
    [stage, conformance],
  )

  useLayoutEffect(() => {
    if (stage === null) return
    const selection = select(stage)
    conformance
      .filter((event: MouseEvent) =>
        event.type === 'wheel' || (!event.ctrlKey && !event.button) ? filter.current(event) : false,
      )
      .on('zoom', ({ transform }: { transform: ZoomTransform }) => setView(asView(transform)))
    selection.call(conformance)
    return () => {
      selection.interrupt().on('.zoom', null)
    }
  }, [stage, conformance])

  useLayoutEffect(() => {
    wasFit.current = true
    if (image === null) setView(null)
  }, [image])

  // A new image is fitted. When the stage is resized, a fitted image stays fitted, and any other
  // stays in place.
  useLayoutEffect(() => {
    if (stage === null || image === null || stageSize === null) return
    const limit = (next: ZoomTransform) => asTransform(held(asView(next), image, stageSize))
    const { width, height } = stageSize
    conformance
      .extent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent(scaleRange(image, stageSize, density()))
      .constrain(limit)
    if (wasFit.current) goTo(() => fitted(image, stageSize), 0)
    else goTo((now) => held(now, image, stageSize), 0)
  }, [stage, image, stageSize, conformance, goTo])

  const commands = useMemo(() => {
    if (image === null || stageSize === null) return NONE
    const centre: [number, number] = [stageSize.width / 2, stageSize.height / 2]
    const [least, most] = scaleRange(image, stageSize, density())
    const scaled = (now: View, k: number, at: [number, number]) =>
      held(scaledTo(Math.min(most, Math.max(least, k)), now, at), image, stageSize)
    const actual = actualScale(density())
    return {
      fit: () => goTo(() => fitted(image, stageSize), glideMs()),
      actual: () => goTo((now) => scaled(now, actual, centre), glideMs()),
      zoomIn: () => goTo((now) => scaled(now, now.k * STEP, centre), glideMs()),
      zoomOut: () => goTo((now) => scaled(now, now.k / STEP, centre), glideMs()),
      panBy: (dx: number, dy: number) =>
        goTo((now) => held({ ...now, x: now.x + dx, y: now.y + dy }, image, stageSize), 0),
      toggle: (at: [number, number]) =>
        goTo(
          (now) =>
            sameScale(now.k, fitScale(image, stageSize))
              ? scaled(now, actual, at)
              : fitted(image, stageSize),
          glideMs(),
        ),
    }
  }, [image, stageSize, goTo])

  useEffect(() => {
    if (stage === null) return
    // d3-zoom calls it for a double tap, too.
    select(stage).on('dblclick.zoom', (event: MouseEvent | TouchEvent) => {
      const at = 'changedTouches' in event ? event.changedTouches[0] : event
      // Otherwise the browser also fires a double click for the two taps.
      if ('changedTouches' in event && event.cancelable) event.preventDefault()
      if (filter.current(event)) commands.toggle(pointer(at, stage))
    })
  }, [stage, commands])

  const shown = image === null ? null : view
  const fit = image === null || stageSize === null ? null : fitScale(image, stageSize)
  const isFit = shown !== null && fit !== null && sameScale(shown.k, fit)
  useEffect(() => {
    if (shown !== null) wasFit.current = isFit
  }, [shown, isFit])

  return {
    /** Null until the image and the stage have sizes. */
    view: shown,
    stageSize,
    percent: shown === null ? null : percentOf(shown.k, density()),
    isFit,
    isActual: shown !== null && sameScale(shown.k, actualScale(density())),
    ...commands,
  }
}

const noop = () => {}
const NONE = {
  fit: noop,
  actual: noop,
  zoomIn: noop,
  zoomOut: noop,
  panBy: noop,
  toggle: noop,
}

function useSize(element: HTMLElement | null): Size | null {
  const [size, setSize] = useState<Size | null>(null)
  useLayoutEffect(() => {
    if (element === null) return
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element
      setSize((was) => (was?.width === width && was.height === height ? was : { width, height }))
    }
    measure()
    return onResize([element], measure)
  }, [element])
  return size
}
