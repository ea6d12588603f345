import { Component, type ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'

interface State {
  readonly failed: boolean
}

/** The last net: a fault in drawing must not look like a fault of a task. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false }

  static getDerivedStateFromError(): State {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <>
        <h1 className="sr-only">Fault</h1>
        <Notice
          tone="bad"
          title="Loupe itself has a fault"
          action={
            <Button className="mt-3" onClick={() => location.reload()}>
              Load the page again
            </Button>
          }
        >
          <p>
            This page could not be drawn. Your tasks, credits and files at Upscayl are untouched,
            and your key is still in this tab.
          </p>
        </Notice>
      </>
    )
  }
}
