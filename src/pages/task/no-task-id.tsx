import { ArrowLeft } from 'lucide-react'
import { parseTaskId } from '../../../core/api/parse-task-id.ts'
import { paths } from '../../lib/paths.ts'
import { Link } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Shortened } from '../../ui/shortened.tsx'

/** Page for an invalid task ID in the URL. */
export function NoTaskId({ text }: { readonly text: string }) {
  const parsed = parseTaskId(text)
  return (
    <>
      <title>Not a valid task ID · Loupe</title>
      <BackLink />
      <div className="mt-4">
        <h1 className="sr-only">Not a valid task ID</h1>
        <Notice tone="bad" title="Not a valid task ID">
          <p>{parsed.ok ? '' : parsed.error} Nothing was sent to Upscayl.</p>
          <p className="mt-2">
            From the URL: <Shortened text={text} length={80} className="font-mono text-ink" />
          </p>
        </Notice>
      </div>
    </>
  )
}

function BackLink() {
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
