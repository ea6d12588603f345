import { LockKeyhole } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { SecretField } from '../../components/secret-field.tsx'

interface UnlockFormProps {
  /** The passphrase that was tried does not open it. */
  readonly wrong: boolean
  readonly opening: boolean
  readonly onPassphrase: (passphrase: string) => void
}

/** Asks for the passphrase of a snapshot. It is used in this browser and goes nowhere. */
export function UnlockForm({ wrong, opening, onPassphrase }: UnlockFormProps) {
  const [text, setText] = useState('')
  const [empty, setEmpty] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setEmpty(text === '')
    if (text !== '' && !opening) onPassphrase(text)
  }
  const error = empty ? 'Type the passphrase first.' : wrong && !opening ? WRONG : null
  return (
    <div className="mx-auto w-full max-w-md pt-6 sm:pt-16">
      <title>Locked snapshot · Loupe</title>
      <LockKeyhole aria-hidden size={24} className="text-muted" />
      <h1 className="mt-3 text-xl font-semibold tracking-tight">This snapshot has a passphrase</h1>
      <p className="mt-2 text-pretty text-muted">
        Whoever sent the link has it too. It unlocks the snapshot here in your browser and is sent
        nowhere.
      </p>
      <form onSubmit={submit} noValidate className="mt-6">
        <SecretField
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
          {opening ? 'Opening…' : 'Open the snapshot'}
        </Button>
      </form>
    </div>
  )
}

const WRONG =
  'This passphrase does not open it. Mind capital letters and spaces. If you are sure of it, the link may have been cut: copy the whole link once more.'
