/** Pixels between what floats and the edge of the window. */
const MARGIN = 8
const GAP = 4

interface Placement {
  /** The edge that both share. */
  readonly align: 'start' | 'end'
  /** Above it where there is room, else below; by default the other way round. */
  readonly above?: boolean
}

/** Puts a fixed element below or above another one, and never beyond the window. */
export function placeBeside(
  floating: HTMLElement,
  anchor: HTMLElement,
  { align, above: prefersAbove = false }: Placement,
): void {
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = floating
  const { clientWidth, clientHeight } = document.documentElement
  const left = align === 'start' ? at.left : at.right - width
  const below = at.bottom + GAP
  const above = at.top - GAP - height
  const fitsAbove = above >= MARGIN
  const fitsBelow = below + height <= clientHeight - MARGIN
  const top = fitsAbove && (prefersAbove || !fitsBelow) ? above : below
  floating.style.left = `${Math.max(MARGIN, Math.min(left, clientWidth - width - MARGIN))}px`
  floating.style.top = `${Math.max(MARGIN, Math.min(top, clientHeight - height - MARGIN))}px`
}
