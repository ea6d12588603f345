/*
 * Browser translation replaces text nodes with <font> elements, and extensions wrap, move or
 * remove nodes. React still holds its original text nodes: operations on them are redirected to
 * their replacements, since otherwise the browser would throw and React would unmount the whole
 * page.
 */

/** Replacement of each replaced node. */
const replacements = new WeakMap<Node, Node>()

/** Call it once, before the first render. */
export function tolerateTranslation(): void {
  const { removeChild, insertBefore } = Node.prototype
  const nodeValue = Object.getOwnPropertyDescriptor(Node.prototype, 'nodeValue')
  const observer = new MutationObserver(recordReplacements)
  observer.observe(document, { childList: true, subtree: true })

  Node.prototype.removeChild = function remove<T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) return Reflect.apply(removeChild, this, [child])
    recordReplacements(observer.takeRecords())
    const place = placeIn(this, child)
    // A wrapper of several texts stays with the others.
    const isShared = place?.contains(child) && place.textContent !== child.textContent
    if (isShared) child.parentNode?.removeChild(child)
    else if (place !== null) Reflect.apply(removeChild, this, [place])
    return child
  }
  Node.prototype.insertBefore = function insert<T extends Node>(
    this: Node,
    node: T,
    next: Node | null,
  ): T {
    if (next === null || next.parentNode === this)
      return Reflect.apply(insertBefore, this, [node, next])
    recordReplacements(observer.takeRecords())
    return Reflect.apply(insertBefore, this, [node, placeIn(this, next)])
  }
  if (nodeValue?.set === undefined) return
  const { set } = nodeValue
  Object.defineProperty(Node.prototype, 'nodeValue', {
    ...nodeValue,
    set(this: Node, value: string | null) {
      Reflect.apply(set, this, [value])
      if (this.isConnected || !(this instanceof Text)) return
      recordReplacements(observer.takeRecords())
      // The new text replaces the translation, and is translated again.
      const replacement = replacementOf(this)
      if (replacement?.isConnected) replacement.parentNode?.replaceChild(this, replacement)
    },
  })
}

function recordReplacements(records: readonly MutationRecord[]): void {
  for (const { removedNodes, addedNodes, previousSibling, nextSibling } of records) {
    // Inserted next to it first, or in one step.
    const replacement =
      addedNodes[0] ?? [previousSibling, nextSibling].find((node) => node?.nodeName === 'FONT')
    for (const node of removedNodes)
      if (!node.isConnected && replacement) replacements.set(node, replacement)
    // An original that is back in the page needs no replacement.
    for (const node of addedNodes) replacements.delete(node)
  }
}

function replacementOf(node: Node): Node | undefined {
  let replacement = replacements.get(node)
  for (let next = replacement; next !== undefined; next = replacements.get(next)) replacement = next
  return replacement
}

/** Child of `parent` that contains `node`, or its replacement; null if nothing of it is left. */
function placeIn(parent: Node, node: Node): ChildNode | null {
  const inside = (place: Node | undefined) =>
    [...parent.childNodes].find((child) => place !== undefined && child.contains(place)) ?? null
  return inside(node) ?? inside(replacementOf(node))
}
