import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { sandboxQuery } from '../sandbox-query.ts'

/** A way to tasks that cost nothing, if the server runs the sandbox. */
export function SandboxLink() {
  const { data: sandbox } = useQuery(sandboxQuery)
  return sandbox == null ? null : (
    <Link to={paths.sandbox} className={buttonClass('quiet')}>
      <FlaskConical size={15} />
      Open the sandbox
    </Link>
  )
}
