import { type ClipboardEvent, type FormEvent, useId, useState } from 'react'
import type { ApiKey } from '../../session/api-key.ts'
import { parseApiKey } from '../../session/parse-api-key.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { KeysLink } from './keys-link.tsx'

interface KeyFormProps {
  /** Label of its button. */
  readonly submit: string
  readonly onKey: (key: ApiKey) => void
}

/** Field for an API key. What cannot be one is explained and never sent. */
export function KeyForm({ submit, onKey }: KeyFormProps) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const kept = useId()

  const check = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseApiKey(text)
    if (parsed.ok) onKey(parsed.value)
    else setError(parsed.error)
  }
  // A single-line field silently drops line breaks, which would join two halves into a wrong key.
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text').trim()
    const parsed = parseApiKey(pasted)
    if (parsed.ok || !/[\r\n]/.test(pasted)) return
    event.preventDefault()
    setError(parsed.error)
  }

  return (
    <form onSubmit={check} noValidate>
      <Field
        type="password"
        data-focus
        label="API key"
        value={text}
        onValue={(next) => {
          setText(next)
          setError(null)
        }}
        onPaste={paste}
        error={error}
        aria-describedby={kept}
      />
      <Button type="submit" look="primary" className="mt-1 min-h-11 w-full">
        {submit}
      </Button>
      <p id={kept} className="mt-3 text-sm text-pretty text-muted">
        Kept only while Loupe is open, and sent only to Upscayl. Get a key at <KeysLink />.
      </p>
    </form>
  )
}
