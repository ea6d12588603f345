import { ScanSearch, TextCursorInput } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { TaskFile } from '../../core/api/task.ts'
import { livingLink } from '../downloads/file-state.ts'
import { formatBytes } from '../lib/bytes.ts'
import { KeepFocus } from '../ui/keep-focus.tsx'
import { MenuItem } from '../ui/menu.tsx'
import { Part } from '../ui/part.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { FileAction, Outcome } from './file-action.tsx'
import { FileFacts, FromHost, StateHint, StateLine } from './file-facts.tsx'
import { fileTitle } from './file-title.ts'
import { FolderItem, FolderNote } from './folder.tsx'
import { NamesDialog } from './names-dialog.tsx'
import { ResultImage } from './result-image.tsx'
import type { ResultsModel } from './results.tsx'
import { TaskColumns } from './task-columns.tsx'
import { useLiveFile } from './use-live-file.ts'

interface OneResultProps {
  readonly model: ResultsModel
  readonly file: TaskFile
}

/** The only file of a task: its image is the page. */
export function OneResult({ model, file }: OneResultProps) {
  const { taskId, settings, source, held, fresh, justEnded, names } = model
  const name = names[0] ?? ''
  const live = useLiveFile({ ...model, file, name, seen: true })
  const { state, save, closed } = live
  const url = livingLink(state)
  const title = fileTitle(file)
  const [naming, setNaming] = useState(false)
  const download = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!justEnded) return
    const nothingFocused = document.activeElement?.matches('body, main') ?? true
    if (nothingFocused) {
      const link = download.current?.querySelector<HTMLElement>('a, button')
      link?.focus({ preventScroll: true })
    }
  }, [justEnded])

  const menu = (
    <>
      {source === 'own' ? <FolderItem /> : null}
      {closed ? null : (
        <MenuItem icon={ScanSearch} onSelect={live.onCheck}>
          Verify file
        </MenuItem>
      )}
      <MenuItem icon={TextCursorInput} onSelect={() => setNaming(true)}>
        File names…
      </MenuItem>
    </>
  )
  const action =
    url === null ? (
      state.kind === 'gone' ? null : (
        <KeepFocus>{fresh}</KeepFocus>
      )
    ) : (
      <KeepFocus>
        <FileAction
          {...live}
          url={url}
          title={title}
          name={name}
          type={file.type}
          size={file.size === null ? null : formatBytes(file.size)}
          fresh={fresh}
          menu={menu}
        />
      </KeepFocus>
    )
  return (
    <>
      <h2 className="sr-only">Files</h2>
      <TaskColumns
        image={
          <Part>
            {model.hold}
            <ResultImage
              file={file}
              settings={settings}
              name={name}
              url={url === null || held ? null : model.urlOf(file, url)}
              without={held ? 'Not loaded' : 'No preview'}
              original={model.originalOf(file)}
              onOriginal={(original) => model.onOriginal(file, original)}
              onPreview={() => model.onPreview(file)}
              onBroken={model.onBroken}
            />
          </Part>
        }
        status={model.status}
        side={
          <>
            <Part>
              <section aria-label="File" className="grid gap-2">
                <h3 className="sr-only">{title}</h3>
                <div ref={download} className="flex flex-wrap gap-2 max-lg:hidden">
                  {action}
                </div>
                <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <StateLine state={state} expiresAt={file.expiresAt} clockSkew={model.clockSkew} />
                  <p className="flex flex-wrap gap-x-2 text-sm text-muted [overflow-wrap:anywhere]">
                    <FileFacts file={file} />
                  </p>
                </div>
                {url === null ? null : (
                  <p className="truncate font-mono text-xs text-muted">
                    <Shortened text={name} length={44} />
                  </p>
                )}
                <StateHint state={state} closed={closed && url !== null} source={source} />
                {url === null || source === 'own' ? null : <FromHost url={url} />}
                <Outcome save={save} url={url} fresh={fresh} />
                {source === 'own' ? <FolderNote /> : null}
              </section>
            </Part>
            {model.actions}
            {model.details}
          </>
        }
        bar={action === null ? undefined : <div className="flex gap-2">{action}</div>}
      />
      {naming ? (
        <NamesDialog
          task={{ id: taskId, settings, files: [file] }}
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  )
}
