import { randomUUID } from 'node:crypto'
import type { Settings } from '../store/settings.ts'

/** Selects the process that does the work, if several share one data directory. */
export interface Claim {
  /** Takes over the work if no live process holds the claim. */
  readonly held: () => boolean
  readonly release: () => void
}

const NAME = 'worker'

/** The last process to start does the work; the others keep responding, and take over once it ends. */
export function claimWork(settings: Settings): Claim {
  const own = `${process.pid} ${randomUUID()}`
  settings.set(NAME, own)
  return {
    held() {
      const holder = settings.get(NAME)
      if (holder === own) return true
      if (holder !== undefined && isAlive(Number.parseInt(holder, 10))) return false
      settings.set(NAME, own)
      return true
    },
    release() {
      if (settings.get(NAME) === own) settings.remove(NAME)
    },
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0) // signal 0 only checks
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
