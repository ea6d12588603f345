import { Checkbox } from '../../components/choice.tsx'

interface ShownChoiceProps {
  readonly credits: boolean
  readonly onCredits: (shown: boolean) => void
  readonly links: boolean
  readonly onLinks: (shown: boolean) => void
}

/** What the receiver sees, beside what is always seen. */
export function ShownChoice({ credits, onCredits, links, onLinks }: ShownChoiceProps) {
  return (
    <>
      <Checkbox label="Show the credits" checked={credits} onChange={onCredits} />
      <Checkbox label="Show pictures and let the files be saved" checked={links} onChange={onLinks}>
        Whoever has the link then has the files, and can pass them on, until they expire. Without
        this, only their names, sizes and times are seen.
      </Checkbox>
    </>
  )
}
