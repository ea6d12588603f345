import { queryOptions, useQuery } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { getShared } from '../upscayl/shares.ts'
import { UNSEEN, type Viewing, viewingAfter } from './viewing.ts'

const viewQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared', token],
    queryFn: async ({ client, queryKey }) =>
      viewingAfter(client.getQueryData<Viewing>(queryKey) ?? UNSEEN, await getShared(token), now()),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // A fault is an answer too: when to look again is told by `dueAt` alone.
    retry: false,
    networkMode: 'always',
    // Who does not look costs the sender no question; who comes back catches up at once.
    refetchIntervalInBackground: false,
    refetchInterval: ({ state }) => dueIn(state.data),
    refetchOnMount: ({ state }) => overdue(state.data),
    refetchOnWindowFocus: ({ state }) => overdue(state.data),
    refetchOnReconnect: ({ state }) => overdue(state.data),
  })

const dueIn = (viewing: Viewing | undefined): number | false =>
  viewing === undefined || viewing.dueAt === null ? false : Math.max(1, viewing.dueAt - now())

const overdue = (viewing: Viewing | undefined): 'always' | false =>
  viewing !== undefined && viewing.dueAt !== null && viewing.dueAt <= now() ? 'always' : false

/** What a live link shows, and the way to look again by a person's wish. */
export interface Watching {
  readonly viewing: Viewing
  readonly looking: boolean
  readonly look: () => void
}

/** Looks at a live link for as long as it is drawn and seen. */
export function useSharedTask(token: string): Watching {
  const { data = UNSEEN, isFetching, refetch } = useQuery(viewQuery(token))
  return { viewing: data, looking: isFetching, look: () => void refetch({ cancelRefetch: false }) }
}
