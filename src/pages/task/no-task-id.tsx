import { Notice } from '../../components/notice.tsx'
import { Shortened } from '../../components/shortened.tsx'
import { parseTaskId } from '../../upscayl/parse-task-id.ts'
import { BackLink } from './back-link.tsx'

/** An address of a task whose id no task can have. */
export function NoTaskId({ text }: { readonly text: string }) {
  const parsed = parseTaskId(text)
  return (
    <>
      <title>Not a task id · Loupe</title>
      <BackLink />
      <div className="mt-4">
        <h1 className="sr-only">Not a task id</h1>
        <Notice tone="bad" title="This address holds no task id">
          <p>{parsed.ok ? '' : parsed.error} Nothing was asked of Upscayl.</p>
          <p className="mt-2">
            It holds: <Shortened text={text} length={80} className="font-mono text-ink" />
          </p>
        </Notice>
      </div>
    </>
  )
}
