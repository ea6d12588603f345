import { ChevronLeft, ChevronRight, ExternalLink, Film } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { onResize } from '../lib/browser/resize.ts'
import { paths } from '../lib/paths.ts'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { Segmented } from '../ui/choice.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Link } from '../ui/link.tsx'
import { addressOf, readInstant, type View, writeInstant } from './address.ts'
import { StateList } from './state-list.tsx'
import { STATE_NAMES, stateOf } from './states/states.ts'

/** Minimum supported width, a phone, a tablet, a laptop. */
const WIDTH_OPTIONS = ['320', '390', '768', '1280'].map((px) => ({ value: px, label: `${px} px` }))
const THEME_OPTIONS = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { value: View['theme']; label: string }[]

interface WorkbenchProps {
  readonly name: string
  readonly view: View & { readonly width: number }
}

/** All states beside one of them, in a frame of its own width. */
export function Workbench({ name, view }: WorkbenchProps) {
  const navigate = useNavigate()
  const place = STATE_NAMES.indexOf(name)
  const go = (next: string) => navigate(addressOf(next, view))
  const step = (by: number) => {
    const next = STATE_NAMES[(place + by + STATE_NAMES.length) % STATE_NAMES.length]
    if (next !== undefined) go(next)
  }
  const alone = addressOf(name, { ...view, width: null })
  return (
    <div className="grid gap-4 lg:h-[calc(100dvh-4.5rem)] lg:grid-cols-[17rem_minmax(0,1fr)]">
      <title>{`${name} · Gallery · Loupe`}</title>
      <StateList current={name} view={view} onPick={go} />
      <section aria-labelledby="state-title" className="flex min-h-0 min-w-0 flex-col gap-3">
        <div className="flex items-start gap-1">
          <div className="mr-auto min-w-0">
            <h1 id="state-title" className="font-mono text-lg font-medium [overflow-wrap:anywhere]">
              {name}
            </h1>
            <p className="text-sm text-pretty text-muted">{stateOf(name)?.description}</p>
          </div>
          <Link to={`${paths.gallery}/replay`} className={buttonClass('quiet')}>
            <Film size={15} />
            <span className="max-sm:sr-only">Replay a recording</span>
          </Link>
          <IconButton icon={ChevronLeft} label="Previous state" onClick={() => step(-1)} />
          <IconButton icon={ChevronRight} label="Next state" onClick={() => step(1)} />
        </div>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Segmented
            label="Theme"
            options={THEME_OPTIONS}
            value={view.theme}
            onChange={(theme) => navigate(addressOf(name, { ...view, theme }))}
          />
          <Segmented
            label="Width"
            options={WIDTH_OPTIONS}
            value={`${view.width}`}
            onChange={(width) => navigate(addressOf(name, { ...view, width: Number(width) }))}
          />
          <TimeField
            key={view.at}
            at={view.at}
            onChange={(at) => navigate(addressOf(name, { ...view, at }))}
          />
          <span className="flex items-center sm:ml-auto">
            <CopyButton text={new URL(alone, location.href).href} label="Copy URL" />
            <a href={alone} target="_blank" rel="noreferrer" className={buttonClass('quiet')}>
              Open alone
              <ExternalLink size={14} />
            </a>
          </span>
        </div>
        <Screen title={name} src={alone} width={view.width} />
      </section>
    </div>
  )
}

interface TimeFieldProps {
  readonly at: number
  readonly onChange: (at: number) => void
}

function TimeField({ at, onChange }: TimeFieldProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readInstant(field.current?.value ?? '')
    setWrong(read === null)
    if (read !== null) onChange(read)
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-2 text-sm">
      <label htmlFor={id} className="text-muted">
        Time
      </label>
      <input
        ref={field}
        id={id}
        defaultValue={writeInstant(at)}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        className="min-h-8 w-52 rounded-lg border border-line-strong bg-surface px-2.5 font-mono aria-invalid:border-bad"
      />
      {wrong ? (
        <span id={`${id}-wrong`} role="alert" className="text-bad">
          Such as 2026-01-01T12:00:00Z
        </span>
      ) : null}
    </form>
  )
}

interface ScreenProps {
  readonly title: string
  readonly src: string
  readonly width: number
}

/** The page in a frame, scaled down where space is narrow. */
function Screen({ title, src, width }: ScreenProps) {
  const room = useRef<HTMLDivElement>(null)
  const [space, setSpace] = useState({ width, height: 600 })
  useEffect(() => {
    const element = room.current
    if (element === null) return
    return onResize([element], () =>
      setSpace({ width: element.clientWidth, height: element.clientHeight }),
    )
  }, [])
  const scale = Math.min(1, space.width / width)
  return (
    <div
      ref={room}
      className="relative min-h-[70dvh] flex-1 overflow-hidden rounded-xl border border-line bg-sunken lg:min-h-0"
    >
      <iframe
        key={src}
        title={title}
        src={src}
        className="absolute top-0 left-1/2 origin-top border-x border-line bg-page"
        style={{
          width,
          height: space.height / scale,
          transform: `translateX(-50%) scale(${scale})`,
        }}
      />
      {scale < 1 ? (
        <p className="absolute right-2 bottom-2 rounded-md bg-ink px-1.5 py-0.5 text-xs text-page">
          {Math.round(scale * 100)} %
        </p>
      ) : null}
    </div>
  )
}
