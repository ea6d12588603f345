import * as v from 'valibot'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { reportNoResponse } from './server-signals.ts'

const entry = v.object({ id: v.string(), says: v.string() })
const sentinel = v.object({
  ...entry.entries,
  /** How long its 429 blocks all checks of the key; null if it sends none. */
  blocksMs: v.optional(v.nullable(v.number()), null),
})
const source = v.object({
  name: v.string(),
  thumb: v.string(),
  width: v.number(),
  height: v.number(),
})
const titled = v.object({
  ...entry.entries,
  title: v.string(),
  /** The image of a demo. Missing in earlier versions of the server. */
  source: v.optional(source),
})
const sandbox = v.object({
  key: v.string(),
  tasks: v.array(titled),
  sentinels: v.array(sentinel),
  /** Credits left. Like the recordings, missing in earlier versions of the server. */
  balance: v.optional(v.number()),
  recordings: v.optional(v.array(entry), []),
})
const problem = v.object({ message: v.string() })

export type SandboxEntry = v.InferOutput<typeof entry>
export type Sentinel = v.InferOutput<typeof sentinel>
export type SandboxTask = v.InferOutput<typeof titled>
/** Contents of the sandbox: its key, its tasks, and the test IDs for every response. */
export type Sandbox = v.InferOutput<typeof sandbox>

/** Null if the upstream is the real API, which has no such endpoint. Rejects while it is not known. */
export async function getSandbox(): Promise<Sandbox | null> {
  const response = await fetch('/api/sandbox').catch(async (error: unknown) => {
    await reportNoResponse()
    throw error
  })
  if (response.status >= 500 || response.status === 429)
    throw new Error(`HTTP status ${response.status}`)
  const parsed = v.safeParse(sandbox, response.ok ? await response.json().catch(() => null) : null)
  return parsed.success ? parsed.output : null
}

/** The image that a demo was started with; null if it cannot be had. */
export async function getDemoOriginal(taskId: string, name: string): Promise<File | null> {
  try {
    const response = await fetch(`/samples/originals/${encodeURIComponent(taskId)}`)
    return response.ok ? new File([await response.blob()], name) : null
  } catch {
    return null
  }
}

/** Starts a new copy of one of the sandbox's demo tasks. Null if that failed. */
export async function startDemoTask(demo: string): Promise<SandboxTask | null> {
  try {
    const response = await fetch('/api/sandbox/tasks', post(JSON.stringify({ demo })))
    const parsed = v.safeParse(titled, response.ok ? await response.json() : null)
    return parsed.success ? parsed.output : null
  } catch {
    await reportNoResponse()
    return null
  }
}

/** Uploads a recording, which the sandbox then serves as a task. The error is a sentence for the user. */
export async function addRecording(text: string): Promise<Result<SandboxEntry, string>> {
  try {
    const response = await fetch('/api/sandbox/recordings', post(text))
    const body: unknown = await response.json()
    return response.ok ? ok(v.parse(entry, body)) : err(v.parse(problem, body).message)
  } catch {
    return err('Couldn’t load the recording. Check that the server is running, then retry.')
  }
}

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body,
})
