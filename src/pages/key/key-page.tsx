import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { type ClipboardEvent, type FormEvent, useId, useState } from 'react'
import { useMatch } from 'react-router'
import { Button } from '../../components/button.tsx'
import { Logo } from '../../components/logo.tsx'
import { truncateMiddle } from '../../lib/format.ts'
import { routes } from '../../lib/paths.ts'
import { type ApiKey, parseApiKey } from '../../session/api-key.ts'
import { rememberKey } from '../../session/session.ts'
import { sandboxQuery } from '../sandbox-query.ts'

/** Asks for the API key; whatever page was asked for comes up by itself once there is one. */
export function KeyPage() {
  const taskId = useMatch(routes.task)?.params.taskId ?? null
  const { data: sandbox } = useQuery(sandboxQuery)
  return <KeyScreen taskId={taskId} sandboxKey={sandbox?.key ?? null} onKey={rememberKey} />
}

interface KeyScreenProps {
  /** The task that was asked for, as it stands in the address. */
  readonly taskId: string | null
  readonly sandboxKey: string | null
  readonly onKey: (key: ApiKey) => void
}

export function KeyScreen({ taskId, sandboxKey, onKey }: KeyScreenProps) {
  return (
    <div className="mx-auto w-full max-w-md pt-6 sm:pt-16">
      <title>API key · Loupe</title>
      <div className="flex items-center gap-2.5">
        <Logo size={28} />
        <h1 className="text-xl font-semibold tracking-tight">Your API key</h1>
      </div>
      <p className="mt-2 text-pretty text-muted">
        {taskId === null ? (
          'Loupe shows the tasks of your Upscayl Cloud account, so it asks with your key.'
        ) : (
          <>
            To show task <bdi className="font-mono text-ink">{truncateMiddle(taskId, 20)}</bdi>,
            Loupe asks Upscayl Cloud with your key. The task opens right after.
          </>
        )}
      </p>
      <KeyForm onKey={onKey} />
      {sandboxKey === null ? null : <SandboxOffer sandboxKey={sandboxKey} onKey={onKey} />}
    </div>
  )
}

function KeyForm({ onKey }: Pick<KeyScreenProps, 'onKey'>) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const field = useId()

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseApiKey(text)
    if (parsed.ok) onKey(parsed.value)
    else setError(parsed.error)
  }
  // A single-line field drops line breaks without a word, which would join two halves to a wrong key.
  const paste = (event: ClipboardEvent) => {
    const parsed = parseApiKey(event.clipboardData.getData('text'))
    if (parsed.ok) return
    event.preventDefault()
    setError(parsed.error)
  }

  return (
    <form onSubmit={submit} noValidate className="mt-6">
      <label htmlFor={field} className="text-sm font-medium">
        API key
      </label>
      <input
        id={field}
        type="password"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setError(null)
        }}
        onPaste={paste}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={`${field}-error ${field}-kept`}
        className="mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3 font-mono aria-invalid:border-bad"
      />
      <p id={`${field}-error`} role="alert" className="mt-1.5 min-h-5 text-sm text-bad">
        {error}
      </p>
      <Button type="submit" look="primary" className="mt-1 min-h-11 w-full">
        Continue
      </Button>
      <p id={`${field}-kept`} className="mt-3 text-sm text-pretty text-muted">
        It stays in this tab (sessionStorage) and is gone when the tab closes. Keys are made at{' '}
        <a
          href="https://upscayl.org/account/api-keys"
          rel="noreferrer"
          className="text-accent underline underline-offset-4"
        >
          upscayl.org/account/api-keys
        </a>
        .
      </p>
    </form>
  )
}

interface SandboxOfferProps {
  readonly sandboxKey: string
  readonly onKey: (key: ApiKey) => void
}

function SandboxOffer({ sandboxKey, onKey }: SandboxOfferProps) {
  const parsed = parseApiKey(sandboxKey)
  if (!parsed.ok) return null
  return (
    <section
      aria-labelledby="offer-title"
      className="mt-8 rounded-xl border border-line bg-surface p-5"
    >
      <h2 id="offer-title" className="flex items-center gap-2 font-medium">
        <FlaskConical aria-hidden size={16} className="text-muted" />
        No account? This server runs a sandbox
      </h2>
      <p className="mt-1 text-sm text-pretty text-muted">
        An Upscayl Cloud on this machine, with real pictures and play credits.
      </p>
      <Button className="mt-3" onClick={() => onKey(parsed.value)}>
        Use the sandbox key
      </Button>
    </section>
  )
}
