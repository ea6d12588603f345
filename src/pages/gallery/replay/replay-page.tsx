import { FileUp } from 'lucide-react'
import { useId, useState } from 'react'
import { Link } from 'react-router'
import { FileInput } from '../../../components/file-input.tsx'
import { Notice } from '../../../components/notice.tsx'
import { useFileDrop } from '../../../components/use-file-drop.ts'
import { paths } from '../../../lib/paths.ts'
import { LONGEST_RECORDING, readRecording, TOO_LARGE } from '../../../upscayl/recording.ts'
import { loadPictures, pictures } from '../stage.tsx'
import { type Film, filmOf } from './film.ts'
import { Player } from './player.tsx'

/** Plays a recorded task, in this browser: the file goes nowhere. */
export function ReplayPage() {
  const [shown, setShown] = useState<{ name: string; film: Film } | null>(null)
  const [error, setError] = useState<string | null>(null)

  const open = async (file: File) => {
    const read =
      file.size > LONGEST_RECORDING
        ? ({ ok: false, error: TOO_LARGE } as const)
        : readRecording(await file.text())
    await loadPictures()
    setError(read.ok ? null : read.error)
    if (read.ok) setShown({ name: file.name, film: filmOf(read.value, pictures()) })
  }

  return (
    <>
      <title>Replay · Loupe</title>
      <h1 className="mt-2 text-xl font-semibold tracking-tight sm:mt-6">Replay a recording</h1>
      <p className="mt-1 text-pretty text-muted">
        What the API answered about a task, second by second, as the page showed it. Links were
        taken out when it was made, so sample pictures stand in.{' '}
        <Link to={paths.gallery} className="text-accent underline underline-offset-4">
          All states
        </Link>
      </p>
      <Chooser name={shown?.name ?? null} onFile={(file) => void open(file)} />
      {error === null ? null : (
        <div className="mt-4" role="alert">
          <Notice tone="bad" title="This file cannot be played">
            <p>
              {error} {shown === null ? '' : `${shown.name} stays.`}
            </p>
          </Notice>
        </div>
      )}
      {shown === null ? null : <Player key={shown.film.from} film={shown.film} />}
    </>
  )
}

interface ChooserProps {
  readonly name: string | null
  readonly onFile: (file: File) => void
}

function Chooser({ name, onFile }: ChooserProps) {
  const id = useId()
  const { isOver, handlers } = useFileDrop(onFile)
  return (
    <div
      {...handlers}
      className={`mt-5 rounded-xl border border-dashed text-center text-sm ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'} ${name === null ? 'px-5 py-10' : 'px-4 py-3'}`}
    >
      <label
        htmlFor={id}
        className="inline-flex min-h-9 max-w-full cursor-pointer items-center gap-2 rounded-lg px-2 font-medium has-[+input:focus-visible]:outline-2 has-[+input:focus-visible]:outline-accent"
      >
        <FileUp aria-hidden size={16} className="shrink-0 text-muted" />
        <span className="truncate">{name ?? 'Choose a recording'}</span>
      </label>
      <FileInput id={id} accept="application/json,.json" aria-label="Recording" onFile={onFile} />
      <span className="text-muted">
        {name === null ? 'or drop it here' : '· choose or drop another'}
      </span>
    </div>
  )
}
