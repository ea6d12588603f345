import { Columns2, LayoutGrid, List, SquareCheck } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { TaskFile } from '../../core/api/task.ts'
import { media } from '../lib/browser/media.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatFiles, formatNumber } from '../lib/format.ts'
import { useStore } from '../lib/store.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Part } from '../ui/part.tsx'
import { DownloadAll } from './download-all-button.tsx'
import { FileCard } from './file-card.tsx'
import { fileTitle, totalBytes } from './file-title.ts'
import { FolderNote } from './folder.tsx'
import { NamesDialog } from './names-dialog.tsx'
import type { ResultsModel } from './results.tsx'
import { SaveAllPanel, useZipJob } from './save-all-panel.tsx'
import { TaskColumns } from './task-columns.tsx'
import { useLiveFile } from './use-live-file.ts'

/** From this count on, off-screen cards are neither laid out nor updated. */
const MANY = 60
/** From these counts on, files are lines at first: on a wide window, and on a narrow one. */
const COMPACT_FROM = 13
const COMPACT_FROM_NARROW = 5

const narrow = media('(max-width: 40rem)')

/** The files of a batch, with one action for all of them. */
export function ManyResults(model: ResultsModel) {
  const { files, source, running, batch, taskId, settings } = model
  const results = files.filter(({ failed }) => !failed)
  const isNarrow = useStore(narrow)
  const [view, setView] = useState<'grid' | 'compact' | null>(null)
  const compact =
    (view ?? (files.length >= (isNarrow ? COMPACT_FROM_NARROW : COMPACT_FROM) ? 'compact' : '')) ===
    'compact'
  const [search, setSearch] = useState('')
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null)
  const [naming, setNaming] = useState(false)
  const { job, state } = useZipJob(`${source} ${taskId}`)
  const words = search.trim().toLowerCase()
  const shown = files.flatMap((file, n) =>
    fileTitle(file).toLowerCase().includes(words) ? [{ file, name: model.names[n] ?? '' }] : [],
  )
  const chosen = selected === null ? results : results.filter(({ id }) => selected.has(id))
  // The first that is selected, or else of all.
  const compared = [...(selected?.size ? chosen : []), ...results].find(
    ({ downloadUrl }) => downloadUrl !== null && !model.held,
  )
  const canDownload =
    source !== 'withheld' && (!running || files.some(({ downloadUrl }) => downloadUrl !== null))
  const all = !canDownload ? null : (
    <DownloadAll
      {...model}
      batch={batch}
      files={chosen}
      isPart={selected !== null}
      job={job}
      busy={state.kind === 'running'}
      onNames={() => setNaming(true)}
    />
  )
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    setSelected(next)
  }
  return (
    <>
      <TaskColumns
        many
        status={model.status}
        side={
          <>
            <div className="grid gap-2">
              <div className="flex gap-2 max-lg:hidden">{all}</div>
              {source === 'withheld' ? (
                <p className="text-sm text-muted">No download links were shared.</p>
              ) : null}
              {source === 'own' ? <FolderNote /> : null}
              <SaveAllPanel state={state} onCancel={job.cancel} />
            </div>
            {model.actions}
            {model.details}
          </>
        }
        image={
          <Part>
            <section aria-labelledby={`${taskId}-files`}>
              {model.hold}
              <div className="sticky top-0 z-10 mb-3 flex flex-wrap items-center gap-2 bg-page py-1">
                <h2 id={`${taskId}-files`} className="text-lg font-medium">
                  Files
                </h2>
                <p className="mr-auto text-sm text-muted">{sizeText(model)}</p>
                {files.length >= COMPACT_FROM ? (
                  <input
                    type="search"
                    aria-label="Filter by name"
                    placeholder="Filter by name"
                    value={search}
                    onChange={({ target }) => setSearch(target.value)}
                    className="min-h-9 w-40 min-w-0 max-sm:hidden rounded-lg border border-line bg-surface px-3 text-sm pointer-coarse:min-h-11 pointer-coarse:text-lg"
                  />
                ) : null}
                {!canDownload ? null : selected === null ? (
                  <Button look="quiet" icon={SquareCheck} onClick={() => setSelected(new Set())}>
                    Select
                  </Button>
                ) : (
                  <>
                    <span role="status" className="text-sm">
                      {formatNumber(selected.size)} selected
                    </span>
                    <Button look="quiet" onClick={() => setSelected(null)}>
                      Clear selection
                    </Button>
                  </>
                )}
                {compared === undefined ? null : (
                  <IconButton
                    icon={Columns2}
                    label="Compare"
                    title="Compare (c)"
                    aria-keyshortcuts="c"
                    onClick={() => model.onPreview(compared, true)}
                    className="pointer-coarse:size-11"
                  />
                )}
                <IconButton
                  icon={compact ? LayoutGrid : List}
                  label={compact ? 'Show as grid' : 'Show as list'}
                  onClick={() => setView(compact ? 'grid' : 'compact')}
                  className="pointer-coarse:size-11"
                />
              </div>
              {shown.length === 0 ? (
                <p className="py-8 text-center text-sm text-muted">No files match “{search}”.</p>
              ) : (
                <ul className={compact ? LINES : CARDS}>
                  {shown.map(({ file, name }) => (
                    <LiveCard
                      key={file.id}
                      model={model}
                      file={file}
                      name={name}
                      compact={compact}
                      select={
                        selected === null || file.failed ? null : (
                          <Tick
                            title={fileTitle(file)}
                            checked={selected.has(file.id)}
                            onToggle={() => toggle(file.id)}
                          />
                        )
                      }
                    />
                  ))}
                </ul>
              )}
              {running ? (
                <p className="mt-4 rounded-xl border border-dashed border-line px-4 py-3 text-sm text-muted">
                  More images appear here as they finish.
                </p>
              ) : null}
            </section>
          </Part>
        }
        bar={all === null ? undefined : <div className="flex gap-2">{all}</div>}
      />
      {/* Not beside its button, of which a narrow window shows another. */}
      {naming ? (
        <NamesDialog task={{ id: taskId, settings, files }} onClose={() => setNaming(false)} />
      ) : null}
    </>
  )
}

const CARDS = 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,14rem),1fr))] gap-4'
const LINES = 'divide-y divide-line rounded-xl border border-line bg-surface'

/** "6 files · 1.6 MB", "38 of 40 files"; without the size unless every file has one. */
function sizeText({ files, running }: ResultsModel): string {
  const results = files.filter(({ failed }) => !failed)
  const bytes = totalBytes(results)
  const all = formatFiles(files.length)
  const count = results.length < files.length ? `${formatNumber(results.length)} of ${all}` : all
  return `${count}${running ? ' so far' : ''}${bytes === null ? '' : ` · ${formatBytes(bytes)}`}`
}

interface TickProps {
  readonly title: string
  readonly checked: boolean
  readonly onToggle: () => void
}

const Tick = ({ title, checked, onToggle }: TickProps) => (
  <label className="inline-flex size-9 items-center justify-center rounded-lg bg-surface pointer-coarse:size-11">
    <input
      type="checkbox"
      aria-label={`Select ${title}`}
      checked={checked}
      onChange={onToggle}
      className="size-4 accent-accent"
    />
  </label>
)

interface LiveCardProps {
  readonly model: ResultsModel
  readonly file: TaskFile
  readonly name: string
  readonly compact: boolean
  readonly select: ReactNode
}

/** A card with its own clock; among many, only updated while visible. */
function LiveCard({ model, file, name, compact, select }: LiveCardProps) {
  const { files, held, clockSkew, source, fresh, onBroken, onPreview } = model
  const many = files.length > MANY
  const [element, setElement] = useState<HTMLElement | null>(null)
  const seen = useSeen(many ? element : null)
  const live = useLiveFile({ ...model, file, name, seen })
  const hidden = `[content-visibility:auto] ${compact ? '[contain-intrinsic-size:auto_3.5rem]' : '[contain-intrinsic-size:auto_18rem]'}`
  return (
    <li ref={setElement} className={`min-w-0 ${many ? hidden : ''}`}>
      <Part>
        <FileCard
          {...live}
          file={file}
          name={name}
          held={held}
          clockSkew={clockSkew}
          seen={seen}
          source={source}
          compact={compact}
          select={select}
          fresh={fresh}
          onPreview={() => onPreview(file)}
          onBroken={onBroken}
        />
      </Part>
    </li>
  )
}

/** Whether the browser renders it (CSS Containment 2, 4.5); always true without support. */
function useSeen(element: HTMLElement | null): boolean {
  const [seen, setSeen] = useState(true)
  useEffect(() => {
    if (element === null) return
    const look = (event: Event) =>
      setSeen(!(event as ContentVisibilityAutoStateChangeEvent).skipped)
    element.addEventListener('contentvisibilityautostatechange', look)
    return () => element.removeEventListener('contentvisibilityautostatechange', look)
  }, [element])
  return seen
}
