import { LockKeyhole } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'

interface UnlockFormProps {
  /** The last passphrase was wrong. */
  readonly wrong: boolean
  readonly opening: boolean
  readonly onPassphrase: (passphrase: string) => void
}

/** Form for the passphrase of a snapshot. It never leaves this browser. */
export function UnlockForm({ wrong, opening, onPassphrase }: UnlockFormProps) {
  const [text, setText] = useState('')
  const [empty, setEmpty] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setEmpty(text === '')
    if (text !== '' && !opening) onPassphrase(text)
  }
  const error = empty ? 'Enter the passphrase.' : wrong && !opening ? WRONG : null
  return (
    <div className="mx-auto w-full max-w-md pt-6 sm:pt-16">
      <title>Locked snapshot · Loupe</title>
      <LockKeyhole size={24} className="text-muted" />
      <h1 className="mt-3 text-xl font-semibold tracking-tight">Enter the passphrase</h1>
      <p className="mt-2 text-pretty text-muted">
        Ask the sender for it. It unlocks the snapshot in your browser and isn’t sent anywhere.
      </p>
      <form onSubmit={submit} noValidate className="mt-6">
        <Field
          type="password"
          label="Passphrase"
          value={text}
          onValue={(next) => {
            setText(next)
            setEmpty(false)
          }}
          error={error}
        />
        <Button
          type="submit"
          look="primary"
          aria-disabled={opening}
          className="mt-2 min-h-11 w-full"
        >
          {opening ? 'Opening…' : 'Open snapshot'}
        </Button>
      </form>
    </div>
  )
}

const WRONG = 'Wrong passphrase. Check capitals and spaces, and that the link is complete.'
