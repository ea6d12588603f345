import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CACHE } from '../support/browser.ts'

/** Files of one version, ready to be built. */
export interface Checkout {
  readonly root: string
  /** Removes the worktree, if it is one. */
  readonly dispose: () => Promise<void>
}

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** Output of git, without the final newline. Throws with its error message. */
export const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8', stdio: 'pipe' }).trim()

/** Full hash of a commit; null if git does not find the name. */
export function commitOf(name: string): string | null {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)
  } catch {
    return null
  }
}

export const workingTree = (): Checkout => ({ root: PROJECT, dispose: async () => {} })

/** Checks out a commit in a separate worktree, with its npm dependencies. */
export async function worktree(commit: string): Promise<Checkout> {
  const root = join(CACHE, 'visual', `tree-${commit.slice(0, 12)}-${process.pid}`)
  await mkdir(join(CACHE, 'visual'), { recursive: true })
  // Left behind by a killed run.
  git('worktree', 'prune')
  git('worktree', 'add', '--quiet', '--detach', root, commit)
  const dispose = async () => {
    await rm(root, { recursive: true, force: true })
    git('worktree', 'prune')
  }
  try {
    const lock = (folder: string) => readFile(join(folder, 'package-lock.json'), 'utf8')
    if ((await lock(root)) === (await lock(PROJECT))) {
      await symlink(join(PROJECT, 'node_modules'), join(root, 'node_modules'), 'junction')
    } else {
      await run(root, 'npm', 'ci')
    }
    return { root, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

export const build = ({ root }: Checkout): Promise<void> =>
  run(root, 'npm', 'run', '--silent', 'build')

/** A version that is being served. */
export interface Served {
  readonly url: string
  /** API key of its sandbox. */
  readonly key: string
  readonly stop: () => Promise<void>
}

/** Serves a build with the version's own server and sandbox, with a fixed clock. */
export async function serve({ root }: Checkout): Promise<Served> {
  const script = fileURLToPath(new URL('serve.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, root], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server of ${root} ended before it could be asked`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  const gone = ended.catch(() => {})
  return {
    ...(JSON.parse(line) as { url: string; key: string }),
    stop: async () => {
      child.kill()
      await gone
    },
  }
}

/** Rejects with the command if it fails; stderr goes to the terminal. */
async function run(cwd: string, command: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`"${[command, ...args].join(' ')}" failed in ${cwd}`)
}

/** Whether there are uncommitted changes or untracked files. */
export const isDirty = (): boolean => git('status', '--porcelain') !== ''
