import '@fontsource-variable/geist'
import '../../src/app/theme.css'
import { createRoot } from 'react-dom/client'
import { FileGrid } from '../../src/task-view/file-grid.tsx'
import { NaiveGrid } from './naive.tsx'
import { SETTINGS, thousandFiles } from './thousand.ts'

/* One program draws every kind, so that they load and weigh the same; the address says which. */

const at = Date.now()
const files = thousandFiles(at, location.origin)

function Grid({ kind }: { readonly kind: string }) {
  if (kind !== 'ours') return <NaiveGrid files={files} counts={kind === 'naive'} />
  return (
    <FileGrid
      taskId="bench"
      files={files}
      settings={SETTINGS}
      clockSkew={0}
      source="asked"
      askedAt={at}
      fresh={null}
      renew={null}
    />
  )
}

createRoot(document.body).render(
  <main className="mx-auto max-w-6xl p-4">
    <Grid kind={location.pathname.slice(1)} />
  </main>,
)
