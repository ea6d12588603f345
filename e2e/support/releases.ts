import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AT_REST } from './fixtures.ts'
import { type LoupeServer, startServer } from './server.ts'

/** A server whose dashboard is replaced while pages of it are open. */
export interface ReleasedServer extends LoupeServer {
  /** Replaces all files of the dashboard by those of another release, with other names, and restarts. */
  readonly release: () => Promise<void>
  /** Removes a file of the dashboard. */
  readonly remove: (name: string) => Promise<void>
  /** Keeps half of a file of the dashboard. */
  readonly halve: (name: string) => Promise<void>
}

export async function startReleases(env = AT_REST): Promise<ReleasedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'loupe-releases-'))
  const dist = join(folder, 'dist')
  for (const name of ['dist', 'dist-server']) {
    await cp(name, join(folder, name), { recursive: true })
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction')
  const server = await startServer(env, false, join(folder, 'dist-server/main.js'))
  return {
    ...server,
    release: async () => {
      await server.kill()
      await rename(dist)
      await server.restart()
    },
    remove: (name) => removeAll(dist, [name, `${name}.br`, `${name}.gz`]),
    halve: async (name) => {
      const whole = await readFile(join(dist, name))
      await writeFile(join(dist, name), whole.subarray(0, whole.length / 2))
      await removeAll(dist, [`${name}.br`, `${name}.gz`])
    },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const removeAll = async (folder: string, names: readonly string[]): Promise<void> => {
  for (const name of names) await rm(join(folder, name), { force: true })
}

/** Name of a hashed file, and of an HTML file's content in the list of the service worker. */
const HASH = /\b[0-9a-f]{8}(?=\.(?:js|css|woff2)\b)|(?<=revision:`)[0-9a-f]{16}/g

const reversed = (hash: string): string => [...hash].reverse().join('')

const integrityOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('base64')

/** As if everything had changed: other names of all files, in the files as well. */
async function rename(dist: string): Promise<void> {
  const integrity = new Map<string, string>()
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) continue
    if (/\.(?:br|gz)$/.test(path)) {
      await rm(path)
      continue
    }
    const name = join(entry.parentPath, entry.name.replace(HASH, reversed))
    const before = await readFile(path)
    const isText = /\.(?:html|js|css)$/.test(path)
    const after = isText ? before.toString().replace(HASH, reversed) : before
    integrity.set(integrityOf(before), integrityOf(after))
    await rm(path)
    await writeFile(name, after)
  }
  const worker = join(dist, 'sw.js')
  const list = await readFile(worker, 'utf8')
  const sums = /(?<=integrity:`sha256-)[^`]+/g
  await writeFile(
    worker,
    list.replace(sums, (sum) => integrity.get(sum) ?? sum),
  )
}
