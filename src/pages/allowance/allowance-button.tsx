import { Gauge } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { deferred } from '../../components/deferred.tsx'
import { useReading } from '../../lib/clock.ts'
import type { Asking } from '../../polling/use-task-status.ts'
import { allowanceText } from './allowance-text.ts'

const AllowanceDialog = deferred(
  async () => (await import('./allowance-dialog.tsx')).AllowanceDialog,
)

/** The allowance in short; the rest, pause and the limit behind it. */
export function AllowanceButton({ asking }: { readonly asking: Asking }) {
  const [open, setOpen] = useState(false)
  const { allowance, paused } = asking
  const { short } = useReading(
    useCallback((now: number) => allowanceText(allowance, now), [allowance]),
  )
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)} icon={<Gauge aria-hidden size={15} />}>
        {paused ? 'Paused' : short}
      </Button>
      {open ? <AllowanceDialog asking={asking} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
