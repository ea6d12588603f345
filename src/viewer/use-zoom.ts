import { pointer, select } from 'd3-selection'
// Gives selections their transitions.
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
const stillness = media('(prefers-reduced-motion: reduce)')
const glideMs = () => (stillness.matches() ? 0 : GLIDE_MS)
const asTransform = ({ x, y, k }: View) => zoomIdentity.translate(x, y).scale(k)
const asView = ({ x, y, k }: ZoomTransform): View => ({ x, y, k })

interface Zoom {
  /** Null until the picture and the stage have sizes. */
  readonly view: View | null
  readonly stageSize: Size | null
  readonly percent: number | null
  readonly isFit: boolean
  readonly isActual: boolean
  readonly fit: () => void
  readonly actual: () => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  readonly panBy: (dx: number, dy: number) => void
}

/**
 * One view of a picture on `stage`, moved by wheel, pinch, drag, double click and by the functions it
 * returns. `mayStart` tells which gestures on the stage are not for it, such as at a divider.
 */
export function useZoom(
  stage: HTMLElement | null,
  picture: Size | null,
  mayStart: (event: Event) => boolean,
): Zoom {
  const [view, setView] = useState<View | null>(null)
  const stageSize = useSize(stage)
  const behaviour = useMemo(() => zoom<HTMLElement, unknown>(), [])
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
      // A transition of no time still waits for a frame.
      if (ms === 0) select(stage).interrupt().call(behaviour.transform, target)
      else select(stage).transition().duration(ms).call(behaviour.transform, target)
    },
    [stage, behaviour],
  )

  useLayoutEffect(() => {
    if (stage === null) return
    const selection = select(stage)
    behaviour
      .filter((event: MouseEvent) =>
        event.type === 'wheel' || (!event.ctrlKey && !event.button) ? filter.current(event) : false,
      )
      .on('zoom', ({ transform }: { transform: ZoomTransform }) => setView(asView(transform)))
    selection.call(behaviour)
    return () => {
      selection.interrupt().on('.zoom', null)
    }
  }, [stage, behaviour])

  useLayoutEffect(() => {
    wasFit.current = true
    if (picture === null) setView(null)
  }, [picture])

  // A new picture is fitted; a stage of another size keeps what fitted fitting, and the rest in place.
  useLayoutEffect(() => {
    if (stage === null || picture === null || stageSize === null) return
    const limit = (next: ZoomTransform) => asTransform(held(asView(next), picture, stageSize))
    const { width, height } = stageSize
    behaviour
      .extent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent(scaleRange(picture, stageSize, density()))
      .constrain(limit)
    if (wasFit.current) goTo(() => fitted(picture, stageSize), 0)
    else goTo((now) => held(now, picture, stageSize), 0)
  }, [stage, picture, stageSize, behaviour, goTo])

  const commands = useMemo(() => {
    if (picture === null || stageSize === null) return NONE
    const centre: [number, number] = [stageSize.width / 2, stageSize.height / 2]
    const [least, most] = scaleRange(picture, stageSize, density())
    const scaled = (now: View, k: number, at: [number, number]) =>
      held(scaledTo(Math.min(most, Math.max(least, k)), now, at), picture, stageSize)
    const actual = actualScale(density())
    return {
      fit: () => goTo(() => fitted(picture, stageSize), glideMs()),
      actual: () => goTo((now) => scaled(now, actual, centre), glideMs()),
      zoomIn: () => goTo((now) => scaled(now, now.k * STEP, centre), glideMs()),
      zoomOut: () => goTo((now) => scaled(now, now.k / STEP, centre), glideMs()),
      panBy: (dx: number, dy: number) =>
        goTo((now) => held({ ...now, x: now.x + dx, y: now.y + dy }, picture, stageSize), 0),
      toggle: (at: [number, number]) =>
        goTo(
          (now) =>
            sameScale(now.k, fitScale(picture, stageSize))
              ? scaled(now, actual, at)
              : fitted(picture, stageSize),
          glideMs(),
        ),
    }
  }, [picture, stageSize, goTo])

  useEffect(() => {
    if (stage === null) return
    // Also called for a double tap, by d3-zoom itself.
    select(stage).on('dblclick.zoom', (event: MouseEvent | TouchEvent) => {
      const at = 'changedTouches' in event ? event.changedTouches[0] : event
      // Else the browser makes a double click of the two taps as well.
      if ('changedTouches' in event && event.cancelable) event.preventDefault()
      if (filter.current(event)) commands.toggle(pointer(at, stage))
    })
  }, [stage, commands])

  const shown = picture === null ? null : view
  const fit = picture === null || stageSize === null ? null : fitScale(picture, stageSize)
  const isFit = shown !== null && fit !== null && sameScale(shown.k, fit)
  useEffect(() => {
    if (shown !== null) wasFit.current = isFit
  }, [shown, isFit])

  return {
    view: shown,
    stageSize,
    percent: shown === null ? null : percentOf(shown.k, density()),
    isFit,
    isActual: shown !== null && sameScale(shown.k, actualScale(density())),
    ...commands,
  }
}

const nothing = () => {}
const NONE = {
  fit: nothing,
  actual: nothing,
  zoomIn: nothing,
  zoomOut: nothing,
  panBy: nothing,
  toggle: nothing,
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
