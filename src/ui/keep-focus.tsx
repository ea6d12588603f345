import { Component, createRef, type ReactNode } from 'react'

interface KeepFocusProps {
  readonly children: ReactNode
}

/**
 * Keeps the focus when the focused element in it is replaced: what has a tabIndex of -1 gets it, or else the
 * first link or button. A progress bar is better than its Cancel button, which the same key press would hit.
 */
export class KeepFocus extends Component<KeepFocusProps> {
  readonly #box = createRef<HTMLDivElement>()

  #hasFocus(): boolean {
    return this.#box.current?.contains(document.activeElement) ?? false
  }

  // Only classes can look before the DOM changes.
  override getSnapshotBeforeUpdate(): boolean {
    return this.#hasFocus()
  }

  override componentDidUpdate(_: KeepFocusProps, __: unknown, hadFocus: boolean) {
    if (!hadFocus || this.#hasFocus()) return
    const box = this.#box.current
    const next =
      box?.querySelector<HTMLElement>('[tabindex="-1"]') ??
      box?.querySelector<HTMLElement>('a[href], button:not(:disabled)')
    next?.focus({ preventScroll: true })
  }

  override render() {
    return (
      <div ref={this.#box} className="contents">
        {this.props.children}
      </div>
    )
  }
}
