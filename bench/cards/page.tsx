import '@fontsource-variable/geist'
import '../../src/app/theme.css'
import { createRoot } from 'react-dom/client'
import { Results } from '../../src/task-view/results.tsx'
import { NaiveGrid } from './naive.tsx'
import { SETTINGS, thousandFiles } from './thousand.ts'

/* One bundle draws every kind, so that all load the same code; the URL selects the kind. */

const at = Date.now()
const files = thousandFiles(at, location.origin)

function Grid({ kind }: { readonly kind: string }) {
  if (kind !== 'ours') return <NaiveGrid files={files} counts={kind === 'naive'} />
  return (
    <Results
      taskId="bench"
      files={files}
      settings={SETTINGS}
      clockSkew={0}
      source="own"
      running={false}
      requestedAt={at}
      fresh={null}
      renew={null}
      title="bench"
      justEnded={false}
      status={null}
      actions={null}
      details={null}
    />
  )
}

createRoot(document.body).render(
  <main className="mx-auto max-w-6xl p-4">
    <Grid kind={location.pathname.slice(1)} />
  </main>,
)
