import { parseTaskId } from '../../../core/api/parse-task-id.ts'
import { BackLink } from '../../task-view/back-link.tsx'
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
