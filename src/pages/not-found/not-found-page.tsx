import { Link } from 'react-router'
import { buttonClass } from '../../components/button.tsx'
import { paths } from '../../lib/paths.ts'

export function NotFoundPage() {
  return (
    <div className="pt-10">
      <title>No such page · Loupe</title>
      <h1 className="text-xl font-semibold tracking-tight">There is no page at this address</h1>
      <p className="mt-1 text-muted">A task is at /tasks/ followed by its id.</p>
      <Link to={paths.home} className={`${buttonClass('primary')} mt-5`}>
        Watch a task
      </Link>
    </div>
  )
}
