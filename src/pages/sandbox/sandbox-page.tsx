import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { MAX_RECORDING_LENGTH, TOO_LARGE } from '../../../core/api/recording.ts'
import { addRecording, startDemoTask } from '../../api/sandbox.ts'
import { fileText } from '../../lib/browser/file-text.ts'
import { now } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import { sandboxQuery } from '../sandbox-query.ts'
import { NoSandbox, SandboxScreen } from './sandbox-screen.tsx'

/** The sandbox, if the server runs it: its demos, its test IDs, and recordings. */
export function SandboxPage() {
  const { data: sandbox } = useQuery(sandboxQuery)
  const navigate = useNavigate()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => startDemoTask('running'),
    onSuccess: (task) => task && navigate(paths.task(task.id)),
  })
  const [refused, setRefused] = useState<string | null>(null)
  const load = async (file: File) => {
    const text = await fileText(file, MAX_RECORDING_LENGTH, TOO_LARGE)
    const added = text.ok ? await addRecording(text.value) : text
    if (!added.ok) return setRefused(added.error)
    await client.invalidateQueries(sandboxQuery)
    navigate(paths.task(freshCopy(added.value.id)))
  }
  if (sandbox === undefined) return <div aria-busy className="min-h-96" />
  if (sandbox === null) return <NoSandbox />
  return (
    <SandboxScreen
      sandbox={sandbox}
      start={
        start.isPending ? 'starting' : start.isError || start.data === null ? 'failed' : 'idle'
      }
      // isPending is set too late for a double click.
      onStart={() => client.isMutating() === 0 && start.mutate()}
      refused={refused}
      onRecording={(file) => void load(file)}
    />
  )
}

/** Each copy of a recording has its own clock in the sandbox, so it plays from the beginning. */
const freshCopy = (id: string): string => `${id}~${now().toString(36)}`
