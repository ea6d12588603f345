import { queryOptions, useQuery } from '@tanstack/react-query'
import { getPreviews, getShared } from '../api/shares.ts'
import { now } from '../lib/clock.ts'
import { INITIAL, type LiveViewState, nextState } from '../sharing/live-view.ts'

const viewQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared', token],
    queryFn: async ({ client, queryKey }) =>
      nextState(
        client.getQueryData<LiveViewState>(queryKey) ?? INITIAL,
        await getShared(token),
        now(),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // An error is a result too: `dueAt` alone decides when to update again.
    retry: false,
    networkMode: 'always',
    // A hidden viewer uses none of the sender's quota; a returning one catches up at once.
    refetchIntervalInBackground: false,
    refetchInterval: ({ state }) => dueIn(state.data),
    refetchOnMount: ({ state }) => overdue(state.data),
    refetchOnWindowFocus: ({ state }) => overdue(state.data),
    refetchOnReconnect: ({ state }) => overdue(state.data),
  })

const dueIn = (viewing: LiveViewState | undefined): number | false =>
  viewing === undefined || viewing.dueAt === null ? false : Math.max(1, viewing.dueAt - now())

const overdue = (viewing: LiveViewState | undefined): 'always' | false =>
  viewing !== undefined && viewing.dueAt !== null && viewing.dueAt <= now() ? 'always' : false

const previewsQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared previews', token],
    // Without them the page shows all else.
    queryFn: async () => {
      const previews = await getPreviews(token)
      if (!previews.ok) throw new Error(previews.error.kind)
      return previews.value
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: 5,
    networkMode: 'always',
  })

const NONE: readonly (string | null)[] = []

/** State of a live link, and the way to update it manually. */
export interface LiveView {
  readonly viewing: LiveViewState
  /** Small images of the task's files. */
  readonly previews: readonly (string | null)[]
  readonly looking: boolean
  readonly look: () => void
}

/** Polls a live link while the component is mounted and visible. */
export function useLiveView(token: string): LiveView {
  const { data = INITIAL, isFetching, refetch } = useQuery(viewQuery(token))
  const enabled = data.seen !== null && !data.seen.shown.links
  const { data: previews = NONE } = useQuery({ ...previewsQuery(token), enabled })
  return {
    viewing: data,
    previews,
    looking: isFetching,
    look: () => void refetch({ cancelRefetch: false }),
  }
}
