import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Result } from '../../lib/result.ts'
import { type ApiKey, hashKey } from '../../session/api-key.ts'
import {
  createShare,
  getShares,
  revokeShare,
  type Share,
  type ShareError,
  type ShareOrder,
} from '../../upscayl/shares.ts'

/** The sender's live links, as the server has them. */
export interface LiveLinks {
  /** Null while they are asked for. */
  readonly shares: readonly Share[] | null
  /** A link is being made. */
  readonly busy: boolean
  /** What was made last, while it lives. */
  readonly made: Share | null
  readonly fault: ShareError | null
  readonly create: (order: ShareOrder) => void
  readonly revoke: (id: string) => void
  /** Puts aside what was made last, to make another. */
  readonly another: () => void
}

const sharesQuery = (key: ApiKey) =>
  queryOptions({
    queryKey: ['shares', hashKey(key)],
    queryFn: () => thrown(getShares(key)),
    retry: false,
    // Other tabs and browsers make and revoke them too.
    refetchOnMount: 'always',
  })

/** Asks the server for the links of this key, and has it make and revoke them. */
export function useLiveLinks(key: ApiKey): LiveLinks {
  const client = useQueryClient()
  const query = sharesQuery(key)
  const { data, error } = useQuery(query)
  const change = (next: (shares: readonly Share[]) => readonly Share[]) =>
    client.setQueryData<readonly Share[]>(query.queryKey, (shares) => next(shares ?? []))
  const making = useMutation({
    mutationFn: (order: ShareOrder) => thrown(createShare(key, order)),
    onSuccess: (made) => change((shares) => [made, ...shares]),
  })
  const revoking = useMutation({
    mutationFn: (id: string) => thrown(revokeShare(key, id)),
    onSuccess: (_, id) => change((shares) => shares.filter((share) => share.id !== id)),
    // Whatever it was, the list is as the server says now.
    onError: () => client.invalidateQueries({ queryKey: query.queryKey }),
  })
  const shares = data ?? null
  const made = making.data ?? null
  return {
    shares,
    busy: making.isPending,
    made: made !== null && shares?.some(({ id }) => id === made.id) ? made : null,
    fault: faultOf(making.error ?? revoking.error ?? error),
    create: making.mutate,
    revoke: revoking.mutate,
    another: making.reset,
  }
}

/** React Query tells failure by what is thrown. */
class Refused extends Error {
  readonly fault: ShareError
  constructor(fault: ShareError) {
    super(fault.kind)
    this.fault = fault
  }
}

const faultOf = (error: Error | null): ShareError | null =>
  error instanceof Refused ? error.fault : null

async function thrown<T>(asked: Promise<Result<T, ShareError>>): Promise<T> {
  const answer = await asked
  if (!answer.ok) throw new Refused(answer.error)
  return answer.value
}
