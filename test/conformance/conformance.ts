import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apiConformance } from './api-conformance.ts'
import { createTaskConformance } from './create-task-conformance.ts'
import { createHarness, expectProblem, type Harness, keysIn, MAX_WAIT, newKey } from './harness.ts'
import { linkConformance } from './link-conformance.ts'
import { memoryConformance } from './memory-conformance.ts'
import type { OpenServer } from './server.ts'
import { siteConformance } from './site-conformance.ts'
import { statusConformance } from './status-conformance.ts'
import { uploadConformance } from './upload-conformance.ts'

/** The behaviour of Loupe's server on every runtime. `also`: additional tests of one runtime. */
export function behaviour(open: OpenServer, also?: (stage: () => Harness) => void): void {
  let opened: Harness | null = null
  const stage = (): Harness => {
    if (opened === null) throw new Error('The server is not open.')
    return opened
  }

  beforeAll(async () => {
    opened = await createHarness(open)
  })
  afterAll(() => opened?.close())

  siteConformance(stage)
  apiConformance(stage)
  statusConformance(stage)
  memoryConformance(stage)
  linkConformance(stage, open)
  createTaskConformance(stage)
  uploadConformance(stage)
  also?.(stage)

  test('the server stores no key', async () => {
    await stage().share(newKey(), 'a-task')
    const files = await readdir(stage().folder, { recursive: true, withFileTypes: true })
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    )
    const kept = [...texts, ...files.map(({ name }) => name)].join('\n')
    expect(kept).toContain('a-task')
    expect(keysIn(kept)).toEqual([])
  })

  test('an unreachable API is reported', async () => {
    await stage().upstream.close()
    await expectProblem(await stage().ask(newKey(), 'a-task'), 502, 'UPSTREAM_UNREACHABLE')
  })

  test('the log contains failures, and no key', async () => {
    await vi.waitFor(() => expect(stage().log()).toContain('"upstream-failure"'), MAX_WAIT)
    expect(keysIn(stage().log())).toEqual([])
  })
}
