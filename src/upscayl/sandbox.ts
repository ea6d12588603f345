import * as v from 'valibot'
import { err, ok, type Result } from '../lib/result.ts'

const entry = v.object({ id: v.string(), says: v.string() })
const titled = v.object({ ...entry.entries, title: v.string() })
const sandbox = v.object({
  key: v.string(),
  tasks: v.array(titled),
  sentinels: v.array(entry),
  /** Missing where a server of an earlier version still runs. */
  recordings: v.optional(v.array(entry), []),
})
const problem = v.object({ message: v.string() })

export type SandboxEntry = v.InferOutput<typeof entry>
export type SandboxTask = v.InferOutput<typeof titled>
/** What the sandbox tells of itself: its key, its tasks, and the ids that ask for each failure. */
export type Sandbox = v.InferOutput<typeof sandbox>

/** Null where the upstream is the real API: then there is no such address. */
export async function getSandbox(): Promise<Sandbox | null> {
  const body = await ask('/api/sandbox')
  const parsed = v.safeParse(sandbox, body)
  return parsed.success ? parsed.output : null
}

/** Starts a fresh copy of one of the sandbox's demo tasks. Null where it could not. */
export async function startDemoTask(demo: string): Promise<SandboxTask | null> {
  const body = await ask('/api/sandbox/tasks', post(JSON.stringify({ demo })))
  const parsed = v.safeParse(titled, body)
  return parsed.success ? parsed.output : null
}

/** Has the sandbox serve a recording's file as a task. The error is a sentence for a person. */
export async function addRecording(text: string): Promise<Result<SandboxEntry, string>> {
  try {
    const response = await fetch('/api/sandbox/recordings', post(text))
    const body: unknown = await response.json()
    return response.ok ? ok(v.parse(entry, body)) : err(v.parse(problem, body).message)
  } catch {
    return err('The sandbox could not take it. Check that the server still runs, then try again.')
  }
}

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body,
})

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(path, init)
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}
