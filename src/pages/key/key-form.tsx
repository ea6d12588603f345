import { type ClipboardEvent, type FormEvent, useId, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { SecretField } from '../../components/secret-field.tsx'
import type { ApiKey } from '../../session/api-key.ts'
import { parseApiKey } from '../../session/parse-api-key.ts'
import { KeysLink } from './keys-link.tsx'

export function KeyForm({ onKey }: { readonly onKey: (key: ApiKey) => void }) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const kept = useId()

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
      <SecretField
        label="API key"
        value={text}
        onValue={(next) => {
          setText(next)
          setError(null)
        }}
        onPaste={paste}
        error={error}
        aria-describedby={kept}
        className="font-mono"
      />
      <Button type="submit" look="primary" className="mt-1 min-h-11 w-full">
        Continue
      </Button>
      <p id={kept} className="mt-3 text-sm text-pretty text-muted">
        It stays in the open tabs of Loupe in this browser (sessionStorage), is sent to Upscayl
        Cloud alone, and is gone when they close. Keys are made at <KeysLink />.
      </p>
    </form>
  )
}
