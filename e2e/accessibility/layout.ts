/** The narrowest supported width (WCAG 1.4.10), a phone, a desktop. */
export const WIDTHS = [320, 390, 1280] as const

/**
 * All layout errors of the page, or of the dialog over it. Runs in the page, so it must be
 * self-contained.
 */
export function findFaults(): string[] {
  const SMALLEST_TARGET = 24
  const root = document.documentElement
  const scope = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body
  const faults = new Set<string>()

  const nameOf = (element: Element): string =>
    `${element.tagName.toLowerCase()} "${(element.ariaLabel ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)}"`
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  /** Cached: hundreds of texts share them, and nothing changes during the check. */
  const ancestorCache = new Map<Element, readonly Element[]>()
  /** The element and the ancestors that can clip it: fixed elements are clipped only by the window. */
  const ancestorsOf = (element: Element): readonly Element[] => {
    const before = ancestorCache.get(element)
    if (before !== undefined) return before
    const parent = getComputedStyle(element).position === 'fixed' ? null : element.parentElement
    const all = parent === null || parent === root ? [element] : [element, ...ancestorsOf(parent)]
    ancestorCache.set(element, all)
    return all
  }
  const isFloating = (element: Element): boolean =>
    element.closest('[popover]') !== null ||
    ancestorsOf(element).some((at) => /fixed|sticky/.test(getComputedStyle(at).position))
  /** Visible only to screen readers. */
  const isForScreenReaders = (element: Element): boolean =>
    ancestorsOf(element).some((at) => at.clientWidth === 1 && at.clientHeight === 1)

  interface Clipped {
    readonly rect: DOMRect
    /** By how many pixels it is cut off, and by which element. */
    readonly cut: { readonly by: Element; readonly x: number; readonly y: number } | null
  }
  /** The part of a box that remains inside everything that clips it. */
  const clip = (box: DOMRect, element: Element): Clipped => {
    let { left, right, top, bottom } = box
    let cut: Clipped['cut'] = null
    for (const at of ancestorsOf(element)) {
      const { overflowX, overflowY, display } = getComputedStyle(at)
      if ((overflowX === 'visible' && overflowY === 'visible') || display === 'inline') continue
      const edge = at.getBoundingClientRect()
      const x = overflowX === 'visible' ? 0 : Math.max(edge.left - left, right - edge.right)
      const y = overflowY === 'visible' ? 0 : Math.max(edge.top - top, bottom - edge.bottom)
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
      const by = { by: at, x: hides(overflowX) ? x : 0, y: hides(overflowY) ? y : 0 }
      if (cut === null && (by.x > 1 || by.y > box.height / 4)) cut = by
      if (overflowX !== 'visible') {
        left = Math.max(left, edge.left)
        right = Math.min(right, edge.right)
      }
      if (overflowY !== 'visible') {
        top = Math.max(top, edge.top)
        bottom = Math.min(bottom, edge.bottom)
      }
    }
    return { rect: new DOMRect(left, top, right - left, bottom - top), cut }
  }
  const intersects = (a: DOMRect, b: DOMRect, slack: number): boolean =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack

  // Wider than the window, unless inside an element that scrolls or clips.
  if (root.scrollWidth > root.clientWidth) faults.add(`the page is ${root.scrollWidth} px wide`)
  for (const element of scope.querySelectorAll('*')) {
    const { left, right, bottom, width } = element.getBoundingClientRect()
    if (width === 0 || (right <= root.clientWidth + 0.5 && left >= -0.5)) continue
    const isClipped = ancestorsOf(element)
      .slice(1)
      .some((at) => at !== document.body && getComputedStyle(at).overflowX !== 'visible')
    // Above the window until focused.
    if (bottom <= 0) continue
    if (isShown(element) && !isClipped) faults.add(`wider than the window: ${nameOf(element)}`)
  }

  const hasWhole = (element: Element): boolean =>
    ancestorsOf(element).some((at) => at.hasAttribute('title')) ||
    element.querySelector('[title]') !== null
  const isTruncating = (element: Element): boolean => {
    const { textOverflow, webkitLineClamp } = getComputedStyle(element)
    return textOverflow === 'ellipsis' || webkitLineClamp !== 'none'
  }
  const texts: { readonly element: Element; readonly rect: DOMRect }[] = []
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (element === null || text === '' || !isShown(element) || isForScreenReaders(element))
      continue
    if (/style|script|title|option/i.test(element.tagName)) continue
    if (/\S…\S/.test(text) && !hasWhole(element)) {
      faults.add(`shortened, and its whole nowhere: ${nameOf(element)}`)
    }
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue
      const { rect, cut } = clip(box, element)
      if (cut !== null && !isTruncating(cut.by)) faults.add(`cut off: ${nameOf(element)}`)
      if (cut !== null && isTruncating(cut.by) && !hasWhole(element) && !hasWhole(cut.by)) {
        faults.add(`truncated, and its whole nowhere: ${nameOf(element)}`)
      }
      if (rect.width > 1 && rect.height > 1) texts.push({ element, rect })
    }
  }
  const isOpaque = (element: Element): boolean => {
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element)
    const isImage = /^(img|canvas|video)$/i.test(element.tagName)
    const isPainted = !/^rgba\(.*, 0\)$|\/ 0\)$|transparent/.test(backgroundColor)
    return opacity !== '0' && (isImage || isPainted || backgroundImage !== 'none')
  }
  for (const { element, rect } of texts) {
    for (const x of [rect.left + 1, rect.left + rect.width / 2, rect.right - 1]) {
      for (const over of document.elementsFromPoint(x, rect.top + rect.height / 2)) {
        if (over.contains(element) || element.contains(over)) break
        if (isOpaque(over) && !isFloating(over)) {
          faults.add(`${nameOf(element)} is under ${nameOf(over)}`)
        }
      }
    }
  }
  texts.forEach((a, index) => {
    for (const b of texts.slice(index + 1)) {
      // Consecutive lines of text may touch.
      if (!intersects(a.rect, b.rect, Math.min(a.rect.height, b.rect.height) / 4)) continue
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue
      if (isFloating(a.element) || isFloating(b.element)) continue
      faults.add(`${nameOf(a.element)} overlaps ${nameOf(b.element)}`)
    }
  })

  const isTarget = (element: Element): boolean =>
    isShown(element) && !element.matches(':disabled, [aria-disabled=true]')
  const targets = [
    ...scope.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, label:has(input), [role=button]',
    ),
  ].filter(isTarget)
  const labelOf = (element: Element): Element | null =>
    element instanceof HTMLInputElement && /checkbox|radio|file/.test(element.type)
      ? (element.closest('label') ?? element.labels?.[0] ?? null)
      : null
  /** The element's own box, or that of the ancestor that its ::after is stretched over. */
  const targetBox = (element: Element): DOMRect => {
    const after = getComputedStyle(element, '::after')
    const stretched = after.content !== 'none' && after.position === 'absolute'
    const container = stretched
      ? (ancestorsOf(element).find((at) => getComputedStyle(at).position !== 'static') ?? scope)
      : element
    return container.getBoundingClientRect()
  }
  const isInSentence = (element: Element): boolean => {
    const { display } = getComputedStyle(element)
    const around = element.parentElement?.textContent?.trim() ?? ''
    return display === 'inline' && around.length > (element.textContent?.trim().length ?? 0)
  }
  const boxes = targets
    .filter((element) => labelOf(element) === null)
    // A link in a sentence has one box per line.
    .flatMap((element) =>
      [...element.getClientRects()].map((box) => ({ element, rect: clip(box, element).rect })),
    )
    .filter(
      ({ element, rect }) => rect.width > 1 && rect.height > 1 && !isForScreenReaders(element),
    )
  for (const { element } of boxes) {
    const { width, height } = targetBox(element)
    if (isInSentence(element) || Math.min(width, height) > SMALLEST_TARGET - 0.5) continue
    faults.add(`${Math.round(width)} x ${Math.round(height)} px to click: ${nameOf(element)}`)
  }
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1)) {
      if (!intersects(a.rect, b.rect, 2) || isFloating(a.element) !== isFloating(b.element))
        continue
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue
      faults.add(`${nameOf(a.element)} and ${nameOf(b.element)}: both to click at one place`)
    }
  })
  return [...faults]
}
