import { readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf } from './imports-of.ts'

/*
 * Each folder, and the folders it may import from, directly or indirectly. There are no cycles, so each folder
 * can be read and tested with only the folders its row names.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'core/lib': [],
  'core/api': ['core/lib'],
  'core/quota': ['core/api'],
  'core/schedule': ['core/quota'],
  'core/record': ['core/schedule'],

  'src/lib': ['core/lib'],
  'src/ui': ['src/lib'],
  'src/service-worker': ['src/lib'],
  'src/viewer': ['src/ui'],
  'src/session': ['src/lib'],
  'src/api': ['src/lib', 'core/api'],
  'src/downloads': ['src/lib', 'core/api'],
  'src/uploads': ['src/api', 'src/downloads', 'core/quota'],
  'src/tasks': ['src/api', 'src/session', 'core/record'],
  'src/sharing': ['src/api', 'core/record'],
  'src/task-view': ['src/viewer', 'src/downloads', 'core/record'],
  'src/shared-view': ['src/task-view', 'src/sharing', 'src/tasks'],
  'src/dialogs': ['src/shared-view'],
  'src/pages': ['src/dialogs', 'src/uploads'],
  'src/gallery': ['src/pages'],
  'src/app': ['src/gallery'],

  'server/http': ['core/api', 'server/.'],
  'server/proxy': ['core/record', 'server/http'],
  'server/sharing': ['server/proxy'],
  'server/cloudflare': ['server/sharing'],
  'server/node': ['server/sharing'],
  'server/sandbox': ['server/node'],
}

/** Packages that only some folders may use. */
const PACKAGES: readonly (readonly [name: RegExp, folders: RegExp])[] = [
  // Plain TypeScript, apart from the interface: no React.
  [
    /^(?:react|react-dom|react-router|@tanstack|lucide-react)(?:\/|$)/,
    /^src\/(?!(?:api|uploads|downloads|sharing)$)/,
  ],
  [/^(?:hono|@hono)(?:\/|$)/, /^server\//],
  [/^(?:sharp|libsql|@fastify\/busboy)$/, /^server\/(?:node|sandbox)$/],
  [/^node:/, /^server\//],
]

/** Entry points (main.tsx, worker.ts) may import everything, and tests what the code they test may. */
const isChecked = (name: string) =>
  /\/.*\.tsx?$/.test(name) && !/\.test\.|(?:^|\/)testing|\.d\.ts$/.test(name)

const FILES = ['core', 'src', 'server'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(isChecked)
    .map((name) => join(root, name)),
)

const folderOf = (file: string) => {
  const [root = '', folder = '', ...rest] = file.split('/')
  return rest.length > 0 ? `${root}/${folder}` : `${root}/.`
}

function allowed(folder: string, seen = new Set([folder])): ReadonlySet<string> {
  for (const next of ARROWS[folder] ?? []) if (!seen.has(next)) allowed(next, seen.add(next))
  return seen
}

function breachesOf(file: string): readonly string[] {
  const folder = folderOf(file)
  const may = allowed(folder)
  return importsOf(file).filter((name) =>
    name.startsWith('.')
      ? !may.has(folderOf(relative('.', join(dirname(file), name))))
      : PACKAGES.some(([packages, folders]) => packages.test(name) && !folders.test(folder)),
  )
}

test('imports follow the arrows', () => {
  expect(FILES.length).toBeGreaterThan(300)
  const breaches = FILES.flatMap((file) => breachesOf(file).map((name) => `${file}: ${name}`))
  expect(breaches).toEqual([])
})
