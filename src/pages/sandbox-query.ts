import { queryOptions } from '@tanstack/react-query'
import { getSandbox } from '../api/sandbox.ts'

/** Fetched once; null if the upstream is the real API. */
export const sandboxQuery = queryOptions({
  queryKey: ['sandbox'],
  queryFn: getSandbox,
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnMount: 'always',
})
