import { truncateMiddle } from '../lib/format.ts'

interface ShortenedProps {
  readonly text: string
  /** Maximum number of letters. */
  readonly length: number
  readonly className?: string
}

/** A long ID or name with both ends. The full text is in its title, also when CSS cuts the line. */
export function Shortened({ text, length, className }: ShortenedProps) {
  return (
    <bdi title={text} className={className}>
      {truncateMiddle(text, length)}
    </bdi>
  )
}
