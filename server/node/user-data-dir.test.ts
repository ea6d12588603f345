import { expect, test } from 'vitest'
import { userDataDir } from './user-data-dir.ts'

test('is a folder of the user, and null without a home folder', async () => {
  expect(await userDataDir()).toMatch(/loupe/)
  const noHome = new Error('A system error occurred: uv_os_homedir returned ENOENT')
  expect(await userDataDir(() => Promise.reject(noHome))).toBeNull()
})
