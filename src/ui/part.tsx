import { Component, type ReactNode } from 'react'
import { now } from '../lib/clock.ts'
import { Button } from './button.tsx'

interface PartProps {
  /** Shown instead after an error, with a function to render the part again. */
  readonly failed?: (retry: () => void) => ReactNode
  readonly children: ReactNode
}

interface State {
  readonly failed: boolean
}

/** A part that fails again within this time waits for a click. */
const AGAIN_MS = 10_000

/** An error boundary for part of a page. It retries automatically once, then on a click. */
export class Part extends Component<PartProps, State> {
  override state: State = { failed: false }
  #failedAt = Number.NEGATIVE_INFINITY

  static getDerivedStateFromError(): State {
    return { failed: true }
  }

  override componentDidCatch() {
    const last = this.#failedAt
    this.#failedAt = now()
    if (this.#failedAt - last > AGAIN_MS) this.#retry()
  }

  readonly #retry = () => this.setState({ failed: false })

  override render() {
    if (!this.state.failed) return this.props.children
    const { failed = noPart } = this.props
    return failed(this.#retry)
  }
}

export const noPart = (retry: () => void) => (
  <PartNotice action="Retry" onAction={retry}>
    This section couldn’t be displayed.
  </PartNotice>
)

interface PartNoticeProps {
  readonly action: string
  readonly onAction: () => void
  readonly children: ReactNode
}

/** Replaces a failed part: what is wrong, and a way to retry. */
export const PartNotice = ({ action, onAction, children }: PartNoticeProps) => (
  <div role="alert" className="my-3 flex flex-wrap items-center gap-3 text-sm text-muted">
    {children}
    <Button onClick={onAction}>{action}</Button>
  </div>
)
