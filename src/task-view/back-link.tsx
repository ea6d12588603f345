import { ArrowLeft } from 'lucide-react'
import { paths } from '../lib/paths.ts'
import { Link } from '../ui/link.tsx'

export function BackLink() {
  return (
    <Link
      to={paths.home}
      className="inline-flex min-h-9 items-center gap-1.5 text-sm text-muted hover:text-ink"
    >
      <ArrowLeft size={15} />
      Tasks
    </Link>
  )
}
