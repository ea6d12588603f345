import { type DragEvent, useState } from 'react'

const hasFile = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Takes one file that is dropped on an element with the given handlers. */
export function useFileDrop(onFile: (file: File) => void) {
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
        // Going from one part of the element to another is not leaving it.
        const to = event.relatedTarget
        if (!(to instanceof Node && event.currentTarget.contains(to))) setIsOver(false)
      },
      onDrop: (event: DragEvent) => {
        // Else the browser would leave the page for the file.
        event.preventDefault()
        setIsOver(false)
        const [file] = event.dataTransfer.files
        if (file !== undefined) onFile(file)
      },
    },
  }
}
