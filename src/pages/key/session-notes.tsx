import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { KeysLink } from './keys-link.tsx'

const TITLE = 'An API key was in the URL'

/** Note about a key that came with the URL, above the page. */
export const SessionNotes = ({ onDismiss }: { readonly onDismiss: () => void }) => (
  <div className="mb-3">
    <Announcement words={TITLE} />
    <Notice
      tone="warn"
      title={TITLE}
      action={
        <Button onClick={onDismiss} icon={X}>
          Dismiss
        </Button>
      }
    >
      <p>
        It was removed from the address bar and not used. It may still be in this browser’s history
        and in server logs, so replace it at <KeysLink />.
      </p>
    </Notice>
  </div>
)

/** Text added to a status is announced; text that appears together with it is not. */
function Announcement({ words }: { readonly words: string }) {
  const [said, setSaid] = useState('')
  useEffect(() => setSaid(words), [words])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}
