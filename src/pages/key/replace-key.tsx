import { currentKey, rememberKey } from '../../session/session.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.ts'
import { KeyForm } from './key-form.tsx'

/** Another key for this tab; the one before can be had back for a moment. */
export function ReplaceKey({ onClose }: { readonly onClose: () => void }) {
  const before = currentKey()
  return (
    <Dialog title="Replace key" open onClose={onClose}>
      <KeyForm
        submit="Replace key"
        onKey={(key) => {
          onClose()
          rememberKey(key)
          if (before === null || before === key) return
          const undo = { label: 'Undo', onAction: () => rememberKey(before) }
          toast({ text: 'API key replaced', actions: [undo] })
        }}
      />
    </Dialog>
  )
}
