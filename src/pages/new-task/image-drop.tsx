import { ImagePlus, Link2 } from 'lucide-react'
import { type FormEvent, useId, useRef, useState } from 'react'
import { Button, buttonClass } from '../../components/button.tsx'
import { FilesInput } from '../../components/file-input.tsx'
import { useFilesDrop } from '../../components/use-file-drop.ts'
import { useTextHeight } from '../../components/use-text-height.ts'
import { ACCEPT } from '../../starting/examine.ts'
import type { Unread } from '../../starting/read-addresses.ts'

interface ImageDropProps {
  readonly onFiles: (files: readonly File[]) => void
  /** Takes the addresses out of a text; returns what is none, to be corrected. */
  readonly onAddresses: (text: string) => readonly Unread[]
}

/** The ways in: drop, paste (the page listens to that), choose, or an address. */
export function ImageDrop({ onFiles, onAddresses }: ImageDropProps) {
  const id = useId()
  const [addresses, setAddresses] = useState(false)
  const { isOver, handlers } = useFilesDrop(onFiles)
  return (
    <div
      {...handlers}
      className={`rounded-xl border border-dashed px-5 py-8 text-center ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'}`}
    >
      <ImagePlus aria-hidden size={28} className="mx-auto text-muted" />
      <p className="mt-3 font-medium">Drop images here, or paste them</p>
      <p id={`${id}-fit`} className="mt-1 text-sm text-muted">
        JPG, PNG or WebP, up to 100 MiB each. One task for each.
      </p>
      <div className="mt-4 flex flex-wrap items-center justify-center gap-2">
        <label
          htmlFor={id}
          className={`${buttonClass()} cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent`}
        >
          Choose images
          <FilesInput
            id={id}
            accept={ACCEPT}
            multiple
            aria-describedby={`${id}-fit`}
            onFiles={onFiles}
          />
        </label>
        {addresses ? null : (
          <Button
            look="quiet"
            icon={<Link2 aria-hidden size={15} />}
            onClick={() => setAddresses(true)}
          >
            Use addresses
          </Button>
        )}
      </div>
      {addresses ? <AddressForm onAddresses={onAddresses} /> : null}
    </div>
  )
}

function AddressForm({ onAddresses }: Pick<ImageDropProps, 'onAddresses'>) {
  const id = useId()
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  useTextHeight(field)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const unread = onAddresses(text)
    setText(unread.map((line) => line.text).join('\n'))
    setError(unread[0]?.why ?? null)
  }
  return (
    <form onSubmit={submit} noValidate className="mx-auto mt-5 max-w-xl text-left">
      <label htmlFor={id} className="text-sm font-medium">
        Image addresses
      </label>
      <div className="mt-1.5 flex flex-col gap-2 sm:flex-row sm:items-start">
        <textarea
          // biome-ignore lint/a11y/noAutofocus: it was asked for by a click, and is what comes next
          autoFocus
          ref={field}
          id={id}
          rows={1}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setError(null)
          }}
          placeholder="https://… one a line"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={`${id}-error`}
          className="field-sizing-content max-h-40 min-h-11 min-w-0 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2.5 font-mono text-sm aria-invalid:border-bad"
        />
        <Button type="submit" className="min-h-11" disabled={text.trim() === ''}>
          Add
        </Button>
      </div>
      <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-bad empty:mt-0">
        {error}
      </p>
    </form>
  )
}
