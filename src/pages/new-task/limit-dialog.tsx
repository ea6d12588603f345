import { formatCredits, formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { DayCredits } from '../../tasks/credit-limit.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Link } from '../../ui/link.tsx'

interface LimitDialogProps {
  readonly limit: number
  /** With the tasks that are to be started, as far as their price is known. */
  readonly today: DayCredits
  readonly onStart: () => void
  readonly onClose: () => void
}

/** Asks before the user's own daily limit is passed. */
export function LimitDialog({ limit, today, onStart, onClose }: LimitDialogProps) {
  const { used, expected } = today
  return (
    <Dialog title="Daily limit" open onClose={onClose}>
      <p className="text-pretty">
        This would go over your limit of {formatCredits(limit)} today: {formatNumber(used)} used,{' '}
        {formatNumber(expected)} expected.
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Link to={paths.credits} className={`${buttonClass('quiet')} mr-auto -ml-3`}>
          Change limit
        </Link>
        <Button
          onClick={() => {
            onStart()
            onClose()
          }}
        >
          Start anyway
        </Button>
        <Button look="primary" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Dialog>
  )
}
