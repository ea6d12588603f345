import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'

export function NotFoundPage() {
  return (
    <div className="pt-10">
      <title>Page not found · Loupe</title>
      <h1 className="text-xl font-semibold tracking-tight">Page not found</h1>
      <p className="mt-1 text-muted">Check the URL, or start from your tasks.</p>
      <Link to={paths.home} className={`${buttonClass('primary')} mt-5`}>
        Back to tasks
      </Link>
    </div>
  )
}
