import { useId } from 'react'
import type { Visibility } from '../../../core/api/visibility.ts'
import { Checkbox } from '../../ui/choice.tsx'

/** Choice of how much of the images the recipient sees. */
export type Images = 'none' | 'previews' | 'files'

/** Choices of the sender. */
export interface Content {
  readonly images: Images
  readonly credits: boolean
}

export const DEFAULT_CONTENT: Content = { images: 'previews', credits: true }

export const visibilityOf = ({ images, credits }: Content): Visibility => ({
  credits,
  links: images === 'files',
})

const OPTIONS = [
  { value: 'none', label: 'Progress and details', help: 'Names, sizes and times. No images.' },
  { value: 'previews', label: '+ small previews', help: 'Thumbnails. Nothing to download.' },
  {
    value: 'files',
    label: '+ full files',
    help: 'Anyone with the link can save and forward them.',
  },
] as const satisfies readonly { value: Images; label: string; help: string }[]

interface VisibilityChoiceProps {
  readonly content: Content
  readonly onContent: (content: Content) => void
  /** False where small images have no room. */
  readonly previews?: boolean
}

/** Selects what the recipient sees besides the status. */
export function VisibilityChoice({ content, onContent, previews = true }: VisibilityChoiceProps) {
  const name = useId()
  const options = OPTIONS.filter(({ value }) => previews || value !== 'previews')
  const images = !previews && content.images === 'previews' ? 'none' : content.images
  return (
    <>
      <fieldset className="divide-y divide-line rounded-lg border border-line">
        <legend className="sr-only">Shared</legend>
        {options.map(({ value, label, help }) => (
          <label
            key={value}
            className="flex min-h-11 cursor-pointer items-start gap-2.5 px-3 py-2 text-sm first-of-type:rounded-t-lg last-of-type:rounded-b-lg has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              checked={images === value}
              onChange={() => onContent({ ...content, images: value })}
              aria-describedby={`${name}-${value}`}
              aria-label={label}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="block font-medium">{label}</span>
              <span id={`${name}-${value}`} className="block text-pretty text-muted">
                {help}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <Checkbox
        label="Show credits"
        checked={content.credits}
        onChange={(credits) => onContent({ ...content, credits })}
      />
    </>
  )
}
