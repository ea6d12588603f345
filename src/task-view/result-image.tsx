import { FileUp, ImageOff, Maximize2 } from 'lucide-react'
import { useId, useState } from 'react'
import { type Settings, scaleFactor, type TaskFile } from '../../core/api/task.ts'
import { IconButton } from '../ui/button.tsx'
import { FileInput } from '../ui/file-input.tsx'
import { useFileDrop } from '../ui/use-file-drop.ts'
import { useObjectUrl } from '../viewer/use-object-url.ts'
import { CompareSlider } from './compare-slider.tsx'
import { fileTitle } from './file-title.ts'
import { ImageFrame, NoImage } from './image-frame.tsx'
import { previewOf } from './preview-of.ts'

/** A larger file is loaded only when its image is opened. */
const MAX_BYTES = 25_000_000

interface ResultImageProps {
  readonly file: TaskFile
  readonly settings: Settings
  /** File name for saving. */
  readonly name: string
  /** URL of the full image; null if it cannot or must not be loaded. */
  readonly url: string | null
  /** Shown if there is no image. */
  readonly without: string
  readonly original: Blob | null
  readonly onOriginal: (original: File) => void
  readonly onPreview: () => void
  readonly onBroken: (url: string) => void
}

/** The result, large; with the original at hand, both under a divider. */
export function ResultImage(props: ResultImageProps) {
  const { file, settings, name, url, without, original, onOriginal, onPreview, onBroken } = props
  const [problem, setProblem] = useState<string | null>(null)
  const originalUrl = useObjectUrl(original)
  const compares = url !== null && originalUrl !== null && problem === null
  const take = (one: File) => {
    // A file without a MIME type may still be an image: decoding decides.
    const isImage = one.type === '' || one.type.startsWith('image/')
    setProblem(isImage ? null : NOT_AN_IMAGE)
    if (isImage) onOriginal(one)
  }
  const drop = useFileDrop(take)
  if (url === null) {
    const preview = previewOf(file)
    return (
      <ImageFrame dimensions={file.dimensions}>
        {preview === null ? (
          <NoImage>
            <ImageOff size={22} />
            {without}
          </NoImage>
        ) : (
          <img
            src={preview}
            alt={fileTitle(file)}
            className="absolute inset-0 size-full object-contain"
          />
        )}
      </ImageFrame>
    )
  }
  const factor = scaleFactor(settings.scale)
  return (
    <div
      {...drop.handlers}
      className={`relative rounded-xl ${drop.isOver ? 'outline-2 outline-accent' : ''}`}
    >
      <ImageFrame dimensions={file.dimensions}>
        <Layers file={file} url={url} onBroken={onBroken} />
        {compares ? (
          <CompareSlider
            key={originalUrl}
            original={originalUrl}
            scale={factor === null ? null : `${factor}×`}
            dimensions={file.dimensions}
            onFailed={() => setProblem(NOT_AN_IMAGE)}
          />
        ) : (
          <button
            type="button"
            aria-label={`Preview ${fileTitle(file)}`}
            draggable
            onDragStart={({ dataTransfer }) =>
              dataTransfer.setData('DownloadURL', `${file.type ?? ''}:${name}:${url}`)
            }
            onClick={onPreview}
            className="absolute inset-0 size-full cursor-zoom-in"
          />
        )}
      </ImageFrame>
      {compares ? (
        <IconButton
          icon={Maximize2}
          label={`Preview ${fileTitle(file)}`}
          onClick={onPreview}
          className="absolute right-2 bottom-2 bg-black/75 text-white hover:bg-black hover:text-white"
        />
      ) : original !== null && problem === null ? null : (
        <AddOriginal problem={problem} onFile={take} />
      )}
    </div>
  )
}

const NOT_AN_IMAGE = 'This browser can’t show that file. Choose another original.'

interface LayersProps {
  readonly file: TaskFile
  readonly url: string
  readonly onBroken: (url: string) => void
}

/** The thumbnail at once, and the full image over it when it has come. */
function Layers({ file, url, onBroken }: LayersProps) {
  const [isFull, setFull] = useState(false)
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set())
  const failed = (one: string) => {
    setBroken(new Set(broken).add(one))
    onBroken(one)
  }
  const { thumbnailUrl, size } = file
  const small = thumbnailUrl === null || broken.has(thumbnailUrl) ? null : thumbnailUrl
  const full = broken.has(url) || (size !== null && size > MAX_BYTES) ? null : url
  if (small === null && full === null) {
    return (
      <NoImage>
        <ImageOff size={22} />
        {broken.has(url) ? 'No preview' : 'Open the image'}
      </NoImage>
    )
  }
  return (
    <>
      {small === null || isFull ? null : (
        <img
          src={small}
          alt={full === null ? fileTitle(file) : ''}
          draggable={false}
          referrerPolicy="no-referrer"
          onError={() => failed(small)}
          className="pointer-events-none absolute inset-0 size-full object-contain"
        />
      )}
      {full === null ? null : (
        <img
          src={full}
          alt={fileTitle(file)}
          draggable={false}
          referrerPolicy="no-referrer"
          decoding="async"
          onLoad={() => setFull(true)}
          onError={() => failed(full)}
          className={`pointer-events-none absolute inset-0 size-full object-contain transition-opacity duration-200 ${isFull ? '' : 'opacity-0'}`}
        />
      )}
    </>
  )
}

interface AddOriginalProps {
  readonly problem: string | null
  readonly onFile: (file: File) => void
}

/** Without the original there is nothing to compare with. */
function AddOriginal({ problem, onFile }: AddOriginalProps) {
  const id = useId()
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 text-sm text-muted">
      <label
        htmlFor={id}
        className="inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-lg hover:text-ink has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent pointer-coarse:min-h-11"
      >
        <FileUp size={15} />
        Drop the original here to compare
        <FileInput id={id} accept="image/*" aria-keyshortcuts="c" onFile={onFile} />
      </label>
      {problem === null ? null : (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </div>
  )
}
