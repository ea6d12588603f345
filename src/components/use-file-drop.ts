import { type DragEvent, useState } from 'react'

const hasFile = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Takes one file that is dropped on an element with the given handlers. */
export const useFileDrop = (onFile: (file: File) => unknown) =>
  useFilesDrop(([file]) => file !== undefined && onFile(file))

/** The same for all that are dropped at once. */
export function useFilesDrop(onFiles: (files: readonly File[]) => unknown) {
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
        onFiles([...event.dataTransfer.files])
      },
    },
  }
}
