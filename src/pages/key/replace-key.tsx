import { rememberKey } from '../../session/session.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyForm } from './key-form.tsx'

/** Another key for this tab. */
export const ReplaceKey = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog title="Replace key" open onClose={onClose}>
    <KeyForm
      submit="Replace key"
      onKey={(key) => {
        onClose()
        rememberKey(key)
      }}
    />
  </Dialog>
)
