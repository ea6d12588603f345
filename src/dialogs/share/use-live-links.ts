import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TaskId } from '../../../core/api/task-id.ts'
import type { Result } from '../../../core/lib/result.ts'
import {
  createShare,
  getShares,
  revokeShare,
  type Share,
  type ShareError,
} from '../../api/shares.ts'
import { copyText } from '../../lib/browser/sharing.ts'
import { type ApiKey, hashKey } from '../../session/api-key.ts'
import { toast } from '../../ui/toast.ts'
import { drawPreviews, type ShownTask } from './draw-previews.ts'
import { type Content, visibilityOf } from './visibility-choice.tsx'

/** The shared task, and the origin of its links. */
interface Shared {
  readonly origin: string
  readonly task: ShownTask & { readonly id: TaskId }
}

interface Order {
  readonly hours: number
  readonly content: Content
}

const sharesQuery = (key: ApiKey) =>
  queryOptions({
    queryKey: ['shares', hashKey(key)],
    queryFn: () => thrown(getShares(key)),
    retry: false,
    // Other tabs and browsers create and revoke them, too.
    refetchOnMount: 'always',
  })

/** Lists, creates and revokes the public links of this key. */
export function useLiveLinks(key: ApiKey, { origin, task }: Shared) {
  const client = useQueryClient()
  const query = sharesQuery(key)
  const { data, error, refetch, isFetching } = useQuery(query)
  const change = async (next: (shares: readonly Share[]) => readonly Share[]) => {
    // A list that was requested before must not come after. It is requested again instead: it may
    // have a link whose response was lost.
    const wasFetching = client.isFetching({ queryKey: query.queryKey }) > 0
    await client.cancelQueries({ queryKey: query.queryKey })
    client.setQueryData<readonly Share[]>(query.queryKey, (shares) => next(shares ?? []))
    if (wasFetching) void refresh()
  }
  // Whatever the error was, the server's list is the truth.
  const refresh = () => client.invalidateQueries({ queryKey: query.queryKey })
  const making = useMutation({
    mutationFn: async ({ hours, content }: Order) => {
      const previews = content.images === 'previews' ? await drawPreviews(task) : []
      const shown = visibilityOf(content)
      const made = await thrown(createShare(key, { taskId: task.id, hours, shown, previews }))
      await change((shares) => [made, ...shares])
      const copied = await copyText(`${origin}${made.url}`)
      if (copied) toast({ text: 'Link copied' })
      return { made, copied }
    },
    onError: refresh,
  })
  const revoking = useMutation({
    mutationFn: (id: string) => thrown(revokeShare(key, id)),
    onSuccess: (_, id) => change((shares) => shares.filter((share) => share.id !== id)),
    onError: refresh,
  })
  const last = making.submittedAt > revoking.submittedAt ? making : revoking
  /** Null while loading. */
  const shares: readonly Share[] | null = data ?? null
  const { made = null, copied = false } = making.data ?? {}
  return {
    shares,
    /** Gets the list again, after an error. */
    reload: () => void refetch(),
    loading: isFetching,
    /** A link is being created. */
    busy: making.isPending,
    /** The link created last, while it exists. */
    made: made !== null && shares?.some(({ id }) => id === made.id) ? made : null,
    /** The browser has copied it. */
    copied,
    fault: shareErrorOf(last.error ?? error),
    create: (hours: number, content: Content) => making.mutate({ hours, content }),
    revoke: (id: string) => revoking.mutate(id),
    /** Dismisses the link created last, to create another. */
    another: making.reset,
  }
}

/** The sender's live links and the actions on them. */
export type LiveLinks = Readonly<ReturnType<typeof useLiveLinks>>

/** React Query expects failures to be thrown. */
class ShareRequestError extends Error {
  readonly fault: ShareError
  constructor(fault: ShareError) {
    super(fault.kind)
    this.fault = fault
  }
}

const shareErrorOf = (error: Error | null): ShareError | null =>
  error instanceof ShareRequestError ? error.fault : null

async function thrown<T>(request: Promise<Result<T, ShareError>>): Promise<T> {
  const result = await request
  if (!result.ok) throw new ShareRequestError(result.error)
  return result.value
}
