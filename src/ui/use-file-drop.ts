import { type DragEvent, useEffect, useState } from 'react'

const hasFile = (event: { readonly dataTransfer: DataTransfer | null }) =>
  event.dataTransfer?.types.includes('Files') === true

/** Accepts files dropped on an element with the returned handlers. */
export function useFileDrop(onFile: (first: File, all: readonly File[]) => unknown) {
  const [isOver, setIsOver] = useState(false)
  return {
    isOver,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!hasFile(event)) return
        event.preventDefault()
        setIsOver(true)
      },
      onDragLeave: (event: DragEvent) => {
        // Moving between children of the element is not leaving it.
        const to = event.relatedTarget
        if (!(to instanceof Node && event.currentTarget.contains(to))) setIsOver(false)
      },
      onDrop: (event: DragEvent) => {
        // Otherwise the browser would navigate to the file.
        event.preventDefault()
        setIsOver(false)
        const files = [...event.dataTransfer.files]
        const [first] = files
        if (first !== undefined) onFile(first, files)
      },
    },
  }
}

/** Accepts files dropped anywhere on the page, except where an element accepts them. */
export function useDropAnywhere(onFiles: (files: readonly File[]) => unknown): void {
  useEffect(() => {
    const over = (event: globalThis.DragEvent) => {
      if (hasFile(event)) event.preventDefault()
    }
    const drop = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !hasFile(event)) return
      event.preventDefault()
      onFiles([...(event.dataTransfer?.files ?? [])])
    }
    return listen(document, over, drop)
  }, [onFiles])
}

/** Ignores files that nothing on the page accepts; otherwise the browser would navigate to them. */
export function useDropRefused(): void {
  useEffect(() => {
    const reject = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !hasFile(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
    }
    // The window comes last, after every element that may accept it.
    return listen(window, reject, reject)
  }, [])
}

type Listener = (event: globalThis.DragEvent) => void

function listen(target: Document | Window, over: Listener, drop: Listener): () => void {
  target.addEventListener('dragover', over as EventListener)
  target.addEventListener('drop', drop as EventListener)
  return () => {
    target.removeEventListener('dragover', over as EventListener)
    target.removeEventListener('drop', drop as EventListener)
  }
}
