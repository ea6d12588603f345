import { ArrowLeft } from 'lucide-react'
import { Link } from 'react-router'
import { paths } from '../../lib/paths.ts'

export function BackLink() {
  return (
    <Link
      to={paths.home}
      className="inline-flex min-h-9 items-center gap-1.5 text-sm text-muted hover:text-ink"
    >
      <ArrowLeft aria-hidden size={15} />
      All tasks
    </Link>
  )
}
