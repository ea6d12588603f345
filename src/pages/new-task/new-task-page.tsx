import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useNavigate } from 'react-router'
import { useReading } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import { standing } from '../../polling/budget.ts'
import { useAsker } from '../../polling/use-task-status.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { chosenSettings } from '../../starting/choice.ts'
import type { Item } from '../../starting/item.ts'
import { readAddresses } from '../../starting/read-addresses.ts'
import type { Starter } from '../../starting/starter.ts'
import { NewTaskScreen } from './new-task-screen.tsx'
import { type Starting, startingOf } from './starting-of.ts'

/** Starts tasks with one's own images. */
export function NewTaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const { asker } = useAsker(apiKey)
  const { starter, allowance } = startingOf(asker, apiKey)
  const items = useSyncExternalStore(starter.subscribe, starter.state)
  const settings = useSyncExternalStore(chosenSettings.subscribe, chosenSettings.get)
  const [doubles, setDoubles] = useState(0)
  const add = useCallback(
    (files: readonly File[]) => {
      setDoubles(starter.add(files))
    },
    [starter],
  )
  usePastedImages(add)
  useWayOn(starter, items)
  return (
    <NewTaskScreen
      items={items}
      doubles={doubles}
      settings={settings}
      onSettings={(next) => chosenSettings.change(() => next)}
      onFiles={add}
      onAddresses={(text) => {
        const { urls, unread } = readAddresses(text)
        setDoubles(starter.addUrls(urls))
        return unread
      }}
      onStart={() => starter.start(settings)}
      onCancel={starter.cancel}
      onRetry={(id) => starter.retry(id, settings)}
      onRemove={starter.remove}
      left={useStartsLeft(allowance)}
    />
  )
}

/** A picture in the clipboard is pasted anywhere on the page, but for a field that takes text. */
function usePastedImages(onFiles: (files: readonly File[]) => void): void {
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0) onFiles(files)
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [onFiles])
}

/** Once all that was sent is a task, the page moves on: to the task, or to the list where it is several. */
function useWayOn(starter: Starter, items: readonly Item[]): void {
  const navigate = useNavigate()
  const sent = useRef(false)
  useEffect(() => {
    const busy = items.some(({ state }) => state.kind === 'sending' || state.kind === 'waiting')
    if (busy) sent.current = true
    if (busy || !sent.current) return
    sent.current = false
    const started = items.flatMap(({ state }) => (state.kind === 'started' ? [state.taskId] : []))
    const [first] = started
    // Where anything else is left, it is to be read.
    if (first === undefined || started.length < items.length) return
    for (const { id } of items) starter.remove(id)
    navigate(started.length === 1 ? paths.task(first) : paths.home)
  }, [starter, items, navigate])
}

function useStartsLeft(allowance: Starting['allowance']): number | null {
  const value = useSyncExternalStore(allowance.subscribe, allowance.get)
  return useReading(
    useCallback(
      (now: number) => {
        const { left, nextAt, blockedUntil } = standing(value, now)
        return { value: blockedUntil === null ? left : 0, changesAt: blockedUntil ?? nextAt }
      },
      [value],
    ),
  )
}
