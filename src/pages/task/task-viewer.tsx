import type { ApiKey } from '../../session/api-key.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { Viewer, type ViewerProps } from '../../viewer/viewer.tsx'
import { useOtherRuns } from './use-other-runs.ts'

interface TaskViewerProps extends ViewerProps {
  readonly apiKey: ApiKey
  /** Null before it is read. */
  readonly entry: TrackedTask | null
}

/** The viewer of a task of the list, which can compare with its other runs. */
export function TaskViewer({ apiKey, entry, ...viewer }: TaskViewerProps) {
  const { runs, onFailed } = useOtherRuns(apiKey, entry, viewer.images.length === 1)
  return (
    <Viewer
      {...viewer}
      runs={runs}
      onFailed={(url) => {
        viewer.onFailed(url)
        onFailed(url)
      }}
    />
  )
}
