import { readdir } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import { expect, vi } from 'vitest'
import type { Sandbox, SandboxOptions } from '../sandbox.ts'
import { askAndRead, type Fixture, get, ORIGIN, openSandbox } from '../testing.ts'

/* Helpers for tests that start tasks. Not part of the program. */

export const SETTINGS = {
  model: 'upscayl-standard-4x',
  scale: '2',
  saveImageAs: 'png',
  enhanceFace: 'false',
}

/** A pattern that reveals rotation or cropping. */
export const photo = (width = 60, height = 40): Sharp => {
  const bands = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#d08030"/><rect width="50%" height="50%" fill="#2040c0"/>
  </svg>`
  return sharp(Buffer.from(bands)).removeAlpha()
}

export type Field = readonly [name: string, value: string | File]

export const imageFile = (bytes: Uint8Array | string, name = 'photo.jpg'): File =>
  new File([bytes as Uint8Array<ArrayBuffer>], name)

export function formOf(
  file: File | null,
  settings: Readonly<Record<string, string>> = {},
  more: readonly Field[] = [],
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...SETTINGS, ...settings })) form.append(name, value)
  if (file !== null) form.append('file', file)
  for (const [name, value] of more) form.append(name, value)
  return form
}

export const start = (
  sandbox: Sandbox,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  const all = { 'x-api-key': sandbox.key, ...headers }
  const init = { method: 'POST', body, headers: all, duplex: 'half' }
  return sandbox.fetch(new Request(`${ORIGIN}/start-task`, init))
}

export interface Started {
  readonly taskId: string
  readonly creditsToDeduct: number
}

/** Throws if no task was started. */
export async function started(response: Response): Promise<Started> {
  const body = (await response.json()) as { data?: Started }
  if (body.data === undefined) throw new Error(JSON.stringify(body))
  return body.data
}

/** The message of an error response, prefixed with its status. */
export async function refusalOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: string; message?: string }
  return `${response.status} ${body.error}: ${body.message}`
}

export const until = <T>(check: () => Promise<T>) =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 })

/** Uploaded files that are still on disk. */
export const leftIn = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true })).filter((name) =>
    /^(?:uploads\/\d+\/|originals\/)./.test(name),
  )

/** A sandbox without demo tasks, which would run first. */
export async function emptySandbox(options: Partial<SandboxOptions> = {}): Promise<Fixture> {
  const { sandbox, db, dir } = await openSandbox()
  await sandbox.close()
  db.run("UPDATE tasks SET status = 'PROCESSING_FAILED'")
  return openSandbox({ ...options, dataDir: dir })
}

/** The bytes of a task's first file, once available. */
export async function resultOf({ sandbox }: Fixture, taskId: string): Promise<Buffer> {
  const task = await until(async () => {
    const { task } = await askAndRead(sandbox, taskId)
    expect(task.kind).toBe('processed')
    return task
  })
  const response = await get(sandbox, task.files[0]?.downloadUrl ?? '')
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}
