import { queryOptions } from '@tanstack/react-query'
import { SECOND } from '../../core/lib/units.ts'
import { getSandbox } from '../api/sandbox.ts'

/** Fetched until known; null if the upstream is the real API. */
export const sandboxQuery = queryOptions({
  queryKey: ['sandbox'],
  queryFn: getSandbox,
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnMount: 'always',
  // Such as after a visit that began without the server.
  refetchInterval: ({ state }) => state.data === undefined && 5 * SECOND,
})
