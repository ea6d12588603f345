import { ImagePlus, Link2 } from 'lucide-react'
import { type FormEvent, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { namesText } from '../../tasks/image-names.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { useFileDrop } from '../../ui/use-file-drop.ts'
import type { Unread } from '../../uploads/parse-urls.ts'
import { ChooseFiles } from './choose-files.tsx'
import { wantedText } from './upload-text.ts'

interface ImageDropProps {
  /** One line, once there are images. */
  readonly compact: boolean
  /** Names of the images that are missing; none for any. */
  readonly wanted: readonly string[]
  readonly onFiles: (files: readonly File[]) => void
  /** Adds the URLs in a text; returns the lines that are not URLs, to be corrected. */
  readonly onUrls: (text: string) => readonly Unread[]
}

/** Ways to add images: drop, paste (handled by the page), file dialog, or URL. */
export function ImageDrop({ compact, wanted, onFiles, onUrls }: ImageDropProps) {
  const [showsUrls, setShowsUrls] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { isOver, handlers } = useFileDrop((_, files) => onFiles(files))
  const closeUrls = () => {
    // The button is there again before the focus returns to it.
    flushSync(() => setShowsUrls(false))
    opener.current?.focus()
  }
  const fromUrl = showsUrls ? null : (
    <Button ref={opener} look="quiet" icon={Link2} onClick={() => setShowsUrls(true)}>
      Add from URL
    </Button>
  )
  const invitation = wantedText(wanted)
  const look = isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'
  return (
    <div {...handlers} className={`rounded-xl border border-dashed ${look}`}>
      {compact ? (
        <div className="flex min-h-14 flex-wrap items-center gap-x-1 px-2 py-1">
          <ChooseFiles label="Add images" look="quiet" multiple onFiles={onFiles} />
          {invitation === null ? (
            <p className="text-sm text-muted max-sm:hidden pointer-coarse:hidden">
              Drop anywhere or paste
            </p>
          ) : (
            <p
              className="text-sm [overflow-wrap:anywhere] max-sm:order-last max-sm:basis-full max-sm:px-3 max-sm:pb-2"
              title={namesText(wanted)}
            >
              {invitation}
            </p>
          )}
          <div className="ml-auto">{fromUrl}</div>
        </div>
      ) : (
        <div className="flex min-h-60 flex-col items-center justify-center px-5 py-8 text-center @3xl:min-h-96">
          <ImagePlus size={32} strokeWidth={1.5} className="text-muted" />
          <p
            className="mt-3 text-lg font-medium text-balance [overflow-wrap:anywhere]"
            title={wanted.length > 1 ? namesText(wanted) : undefined}
          >
            {invitation ?? <Invitation />}
          </p>
          <p className="mt-1 text-sm text-pretty text-muted">
            JPG, PNG or WebP, up to 100 MiB each. Each image becomes a task.
          </p>
          <div className="mt-5 flex flex-wrap items-center justify-center gap-2">
            <ChooseFiles label="Choose images" look="secondary" multiple onFiles={onFiles} />
            {fromUrl}
          </div>
        </div>
      )}
      {showsUrls ? <UrlForm onUrls={onUrls} onClose={closeUrls} /> : null}
    </div>
  )
}

/** Fingers cannot drop. */
const Invitation = () => (
  <>
    <span className="pointer-coarse:hidden">Drop images or paste</span>
    <span className="hidden pointer-coarse:inline">Add images</span>
  </>
)

interface UrlFormProps extends Pick<ImageDropProps, 'onUrls'> {
  readonly onClose: () => void
}

function UrlForm({ onUrls, onClose }: UrlFormProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [unread, setUnread] = useState<readonly Unread[]>([])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const rejected = onUrls(text)
    setText(rejected.map((line) => line.text).join('\n'))
    setUnread(rejected)
    if (rejected.length === 0) onClose()
  }
  return (
    <form onSubmit={submit} noValidate className="border-t border-line p-4 text-left">
      <TextArea
        autoFocus
        label="Image URLs"
        value={text}
        onValue={(next) => {
          setText(next)
          setUnread([])
        }}
        placeholder="https://… one per line"
        error={unread.length === 0 ? null : 'invalid'}
        aria-describedby={`${id}-error`}
        className="max-h-40 text-sm"
      >
        <Button type="submit" className="min-h-11" disabled={text.trim() === ''}>
          Add
        </Button>
        <Button look="quiet" className="min-h-11" onClick={onClose}>
          Cancel
        </Button>
      </TextArea>
      <ul
        id={`${id}-error`}
        role="alert"
        className="mt-1.5 grid gap-0.5 text-sm text-bad empty:mt-0"
      >
        {unread.map(({ why }, index) => (
          // The same reason may come more than once.
          // biome-ignore lint/suspicious/noArrayIndexKey: the line number is what it is about
          <li key={index}>{unread.length === 1 ? why : `Line ${index + 1}: ${why}`}</li>
        ))}
      </ul>
    </form>
  )
}
