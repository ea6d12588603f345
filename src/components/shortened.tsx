import { truncateMiddle } from '../lib/format.ts'

interface ShortenedProps {
  readonly text: string
  /** Letters at the most. */
  readonly length: number
  readonly className?: string
}

/** A long ID or name with both of its ends. The whole is in its title, also where the line is too short for it. */
export function Shortened({ text, length, className }: ShortenedProps) {
  return (
    <bdi title={text} className={className}>
      {truncateMiddle(text, length)}
    </bdi>
  )
}
