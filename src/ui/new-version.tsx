import { RotateCw, X } from 'lucide-react'
import { Button, IconButton } from './button.tsx'

interface NewVersionProps {
  readonly onReload: () => void
  readonly onDismiss: () => void
}

/** Above the content of a page: a new version is installed, and the page is of an earlier one. */
export const NewVersion = ({ onReload, onDismiss }: NewVersionProps) => (
  <div className="mb-2 flex items-center gap-1 rounded-xl border border-line bg-surface py-1.5 pr-1.5 pl-4 text-sm print:hidden">
    <p className="mr-auto">A new version is ready</p>
    <Button look="quiet" icon={RotateCw} className="text-accent!" onClick={onReload}>
      Reload
    </Button>
    <IconButton icon={X} label="Dismiss" onClick={onDismiss} />
  </div>
)
