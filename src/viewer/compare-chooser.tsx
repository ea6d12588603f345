import { FileUp, ImageIcon, X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { IconButton } from '../ui/button.tsx'
import { FileInput } from '../ui/file-input.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { Thumbnail } from '../ui/thumbnail.tsx'
import type { Compared } from './use-compare.ts'
import type { OtherRun, ViewerImage } from './viewer-image.ts'

interface CompareChooserProps {
  readonly runs: readonly OtherRun[]
  readonly others: readonly ViewerImage[]
  /** Name of the available original: null if it has none, undefined if there is no original. */
  readonly originalName: string | null | undefined
  /** Reason why the last choice could not be used. */
  readonly problem: string | null
  readonly onFile: (file: File) => void
  readonly onChoose: (chosen: Compared) => void
  readonly onProblem: (problem: string | null) => void
  readonly onClose: () => void
}

/** Selects what to compare the image with. */
export function CompareChooser(props: CompareChooserProps) {
  const { runs, others, originalName, problem, onFile, onChoose, onProblem, onClose } = props
  const id = useId()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      className="absolute inset-x-2 top-2 z-10 flex max-h-[calc(100%-1rem)] flex-col rounded-xl border border-line bg-surface p-3 shadow-2xl outline-none sm:right-4 sm:left-auto sm:w-80"
    >
      <div className="mb-2 flex items-center justify-between pl-1">
        <h3 id={`${id}-title`} className="font-medium">
          Compare with
        </h3>
        <IconButton icon={X} label="Close choices" onClick={onClose} className="size-10.5" />
      </div>
      <div className="min-h-0 overflow-y-auto overscroll-contain p-0.5">
        {originalName === undefined ? null : (
          <Choice thumbnailUrl={null} onClick={() => onChoose({ kind: 'original' })}>
            The original
            {originalName === null ? null : (
              <span className="block truncate text-xs font-normal text-muted">
                <Shortened text={originalName} length={34} />
              </span>
            )}
          </Choice>
        )}
        {runs.map((run) => (
          <RunChoice key={run.id} run={run} onChoose={onChoose} onProblem={onProblem} />
        ))}
        <label
          htmlFor={id}
          className="mt-1 flex min-h-16 cursor-pointer items-center gap-3 rounded-lg border border-dashed border-line-strong px-3 py-2 transition-colors hover:bg-sunken has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent"
        >
          <FileUp size={18} className="shrink-0 text-muted" />
          <span className="text-sm">
            <span className="font-medium">
              {originalName === undefined ? 'Choose the original…' : 'Choose another original…'}
            </span>
            <span className="block text-xs text-muted">
              Or drop it anywhere. It stays in this browser.
            </span>
          </span>
          <FileInput id={id} accept="image/*" onFile={onFile} />
        </label>
        {problem === null ? null : (
          <p role="alert" className="mt-2 px-1 text-sm text-pretty text-bad">
            {problem}
          </p>
        )}
        {others.length === 0 ? null : (
          <>
            <h4 className="mt-3 mb-1 px-1 text-xs text-muted">Or another image</h4>
            <ul>
              {others.map((other) => (
                <li key={other.id}>
                  <Choice
                    thumbnailUrl={other.thumbnailUrl}
                    onClick={() => onChoose({ kind: 'image', id: other.id })}
                  >
                    <bdi className="block truncate" title={other.title}>
                      <Shortened text={other.title} length={28} />
                    </bdi>
                  </Choice>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}

interface RunChoiceProps extends Pick<CompareChooserProps, 'onChoose' | 'onProblem'> {
  readonly run: OtherRun
}

/** The result of another run; without a link, which costs a check, it is fetched first. */
function RunChoice({ run, onChoose, onProblem }: RunChoiceProps) {
  const { taskId, url, when, settings, thumbnailUrl, renew } = run
  const [isFetching, setFetching] = useState(false)
  const choose = async () => {
    if (isFetching) return
    if (url === null) {
      onProblem(null)
      setFetching(true)
      const found = await renew()
      setFetching(false)
      if (!found) return onProblem('No new link. Try again later.')
    }
    onChoose({ kind: 'run', taskId })
  }
  return (
    <Choice thumbnailUrl={thumbnailUrl} onClick={() => void choose()}>
      <Shortened
        text={settings === '' ? when : `${when} · ${settings}`}
        length={34}
        className="block truncate"
      />
      {url !== null ? null : (
        <span role="status" className="block text-xs font-normal text-muted">
          {isFetching ? 'Getting a new link…' : 'Get a new link (uses 1 check)'}
        </span>
      )}
    </Choice>
  )
}

interface ChoiceProps {
  /** Null where there is no preview, as of the original. */
  readonly thumbnailUrl: string | null
  readonly onClick: () => void
  readonly children: ReactNode
}

function Choice({ thumbnailUrl, onClick, children }: ChoiceProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex min-h-11 w-full items-center gap-3 rounded-lg border border-transparent p-1 text-left text-sm font-medium transition-colors hover:bg-sunken"
    >
      <Thumbnail lazy url={thumbnailUrl} className="h-9 w-13 rounded-md">
        <ImageIcon size={16} />
      </Thumbnail>
      <span className="min-w-0 flex-1">{children}</span>
    </button>
  )
}
