import { ArrowRight } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { Button } from '../../components/button.tsx'
import { paths } from '../../lib/paths.ts'
import { parseTaskId } from '../../upscayl/task-id.ts'
import { SandboxPanel } from './sandbox-panel.tsx'

/** The way in: a task id or a link. */
export function WatchListPage() {
  return (
    <HomeScreen>
      <SandboxPanel />
    </HomeScreen>
  )
}

/** `children`: what the server offers besides. */
export function HomeScreen({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <title>Loupe</title>
      <h1 className="mt-2 text-xl font-semibold tracking-tight sm:mt-6">Watch a task</h1>
      <p className="mt-1 text-muted">
        Status, credits and files of an Upscayl Cloud task, until its end.
      </p>
      <OpenTask />
      {children}
    </>
  )
}

function OpenTask() {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const navigate = useNavigate()
  const field = useId()
  const input = useRef<HTMLInputElement>(null)
  // Each visit by the shortcut has a key of its own, also from this very page.
  const { key, state } = useLocation()
  useEffect(() => {
    if (key !== 'default' && state?.focus === 'field') input.current?.focus()
  }, [key, state])

  const open = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseTaskId(text)
    if (parsed.ok) navigate(paths.task(parsed.value))
    else setError(parsed.error)
  }

  return (
    <form onSubmit={open} noValidate className="mt-5">
      <label htmlFor={field} className="text-sm font-medium">
        Task id or link
      </label>
      <div className="mt-1.5 flex flex-col gap-2 sm:flex-row">
        <input
          ref={input}
          id={field}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setError(null)
          }}
          placeholder="Paste it here"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : `${field}-error`}
          className="min-h-11 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3 font-mono aria-invalid:border-bad"
        />
        <Button type="submit" look="primary" className="min-h-11 px-4">
          Watch
          <ArrowRight aria-hidden size={15} />
        </Button>
      </div>
      <p id={`${field}-error`} role="alert" className="mt-1.5 min-h-5 text-sm text-bad">
        {error}
      </p>
    </form>
  )
}
