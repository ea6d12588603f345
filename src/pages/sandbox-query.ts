import { queryOptions } from '@tanstack/react-query'
import { getSandbox } from '../upscayl/sandbox.ts'

/** Asked once; null where the upstream is the real API. */
export const sandboxQuery = queryOptions({
  queryKey: ['sandbox'],
  queryFn: getSandbox,
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnMount: 'always',
})
