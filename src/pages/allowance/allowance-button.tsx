import { Gauge } from 'lucide-react'
import { lazy, Suspense, useCallback, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { useReading } from '../../lib/clock.ts'
import { useAsker } from '../../polling/use-task-status.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { allowanceText } from './allowance-text.ts'

const AllowanceDialog = lazy(async () => ({
  default: (await import('./allowance-dialog.tsx')).AllowanceDialog,
}))

/** The allowance in short; the rest, pause and the limit behind it. */
export function AllowanceButton({ apiKey }: { readonly apiKey: ApiKey }) {
  const [open, setOpen] = useState(false)
  const { allowance, paused } = useAsker(apiKey)
  const { short } = useReading(
    useCallback((now: number) => allowanceText(allowance, now), [allowance]),
  )
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)} icon={<Gauge aria-hidden size={15} />}>
        {paused ? 'Paused' : short}
      </Button>
      <Suspense>
        {open ? <AllowanceDialog apiKey={apiKey} onClose={() => setOpen(false)} /> : null}
      </Suspense>
    </>
  )
}
