import { useSyncExternalStore } from 'react'
import { type AllState, type ZipJob, zipJobOf } from '../files/zip-jobs.ts'

/** The saving of all files of a task or a list, and how far it is. */
export function useZipJob(name: string): { readonly job: ZipJob; readonly state: AllState } {
  const job = zipJobOf(name)
  return { job, state: useSyncExternalStore(job.subscribe, job.state, job.state) }
}
