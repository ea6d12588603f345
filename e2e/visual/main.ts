import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { CACHE } from '../support/browser.ts'
import {
  build,
  type Checkout,
  commitOf,
  git,
  isDirty,
  PROJECT,
  serve,
  workingTree,
  worktree,
} from './checkout.ts'
import { compare, type ImageSet } from './compare.ts'
import { draw, fileOf, shotsOf, subjectsOf } from './draw.ts'
import { writeReport } from './report.ts'

const HELP = `npm run test:visual -- [options]

Draws every state of the gallery and every page of two versions, in both themes at 390 and 1,280 px,
and compares them to the pixel. What differs is shown in visual-report/index.html.

  --against <commit|folder>  the older version; unless given, HEAD if files are changed, else HEAD~1
  --of <commit|folder>       the newer version; unless given, the files as they are
  --save <folder>            keeps the images of the newer version; alone, it compares nothing
  -g, --grep <pattern>       only states and pages whose name matches
  -h, --help

Exit code: 0 no difference, 1 differences, 2 could not compare.
`

const REPORT = join(PROJECT, 'visual-report')
/** Index file in each set, beside its images. */
const INDEX = 'subjects.json'
/** Maximum number of cached sets, some 20 MB each. */
const MAX_SETS = 6

const { values } = readArguments()

function readArguments() {
  try {
    return parseArgs({
      options: {
        against: { type: 'string' },
        of: { type: 'string' },
        save: { type: 'string' },
        grep: { type: 'string', short: 'g' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
    process.exit(2)
  }
}

async function main(): Promise<number> {
  const grep = new RegExp(values.grep ?? '', 'i')
  const older = values.against ?? (isDirty() ? 'HEAD' : 'HEAD~1')
  const sources = [values.of, values.save !== undefined ? values.against : older]
  for (const version of sources) if (version !== undefined) commitUnlessSaved(version)
  const is = await imagesOf(values.of ?? null, grep)
  if (values.save !== undefined) await save(is, folderOf(values.save))
  if (values.save !== undefined && values.against === undefined) return 0
  const was = await imagesOf(older, grep)
  const comparison = await compare(was, is, REPORT)
  const page = await writeReport(REPORT, comparison, { was: older, is: values.of ?? 'now' })
  const { differences, added, removed, compared } = comparison
  for (const { subject, theme, width, pixels } of differences.slice(0, 20)) {
    process.stdout.write(`  ${subject}, ${theme}, ${width} px: ${pixels} pixels\n`)
  }
  if (differences.length > 20) process.stdout.write(`  and ${differences.length - 20} more\n`)
  for (const subject of added) process.stdout.write(`  new: ${subject}\n`)
  for (const subject of removed) process.stdout.write(`  removed: ${subject}\n`)
  const same = differences.length + added.length + removed.length === 0
  const count = same ? 'No difference' : `${differences.length} differences`
  process.stdout.write(`${count} in ${compared} images. ${pathToFileURL(page)}\n`)
  return same ? 0 : 1
}

/** Resolves a path as typed: npm runs this in the project's folder, wherever the user is. */
const folderOf = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

async function save({ folder, subjects }: ImageSet, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const shot of subjects.flatMap(shotsOf)) {
    await cp(join(folder, fileOf(shot)), join(to, fileOf(shot)))
  }
  await writeFile(join(to, INDEX), JSON.stringify(subjects))
  process.stdout.write(`Saved in ${to}\n`)
}

/** Commit of this name; null for a saved set. Throws if it is neither. */
function commitUnlessSaved(version: string): string | null {
  if (existsSync(join(folderOf(version), INDEX))) return null
  const commit = commitOf(version)
  if (commit !== null) return commit
  throw new Error(`"${version}" is neither a commit nor a folder that --save has written.`)
}

/** Images of a saved set, of a commit, or (null) of the working tree. */
async function imagesOf(version: string | null, grep: RegExp): Promise<ImageSet> {
  if (version === null) {
    const folder = join(CACHE, 'visual', 'now')
    await rm(folder, { recursive: true, force: true })
    return drawn(workingTree(), 'the files as they are', folder, grep)
  }
  const commit = commitUnlessSaved(version)
  if (commit === null) return readSet(folderOf(version), grep)
  const folder = join(CACHE, 'visual', `${commit.slice(0, 12)}-${await drawerHash()}`)
  if (existsSync(join(folder, INDEX))) {
    const set = await readSet(folder, grep)
    if (set.subjects.flatMap(shotsOf).every((shot) => existsSync(join(folder, fileOf(shot))))) {
      await utimes(folder, new Date(), new Date())
      return set
    }
  }
  const checkout = await worktree(commit)
  try {
    return await drawn(
      checkout,
      `${version} (${git('log', '-1', '--format=%s', commit)})`,
      folder,
      grep,
    )
  } finally {
    await checkout.dispose()
    await deleteOldSets()
  }
}

async function readSet(folder: string, grep: RegExp): Promise<ImageSet> {
  const all = JSON.parse(await readFile(join(folder, INDEX), 'utf8')) as string[]
  return { folder, subjects: all.filter((subject) => grep.test(subject)) }
}

async function drawn(
  checkout: Checkout,
  label: string,
  folder: string,
  grep: RegExp,
): Promise<ImageSet> {
  process.stdout.write(`Drawing ${label}\n`)
  await build(checkout)
  const served = await serve(checkout)
  try {
    const all = await subjectsOf(served)
    const subjects = all.filter(({ name }) => grep.test(name))
    if (subjects.length === 0) throw new Error(`No state or page is called like ${grep.source}.`)
    await draw(served, subjects, folder, progress(subjects.length * 2))
    // All subjects: missing images are drawn when they are needed.
    await writeFile(join(folder, INDEX), JSON.stringify(all.map(({ name }) => name)))
    return { folder, subjects: subjects.map(({ name }) => name) }
  } finally {
    await served.stop()
  }
}

/** Progress on one line, on terminals only. */
function progress(all: number): () => void {
  let done = 0
  return () => {
    done += 1
    if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${all}${done === all ? '\n' : ''}`)
  }
}

/** Images of a commit are cached until the drawing code or the browser changes. */
async function drawerHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of [
    'draw.ts',
    'picture.ts',
    '../support/browser.ts',
    '../../package-lock.json',
  ]) {
    hash.update(await readFile(new URL(file, import.meta.url)))
  }
  return hash.digest('hex').slice(0, 8)
}

async function deleteOldSets(): Promise<void> {
  const root = join(CACHE, 'visual')
  const sets = (await readdir(root)).filter((name) => /^[0-9a-f]{12}-[0-9a-f]{8}$/.test(name))
  const age = (name: string) => statSync(join(root, name)).mtimeMs
  for (const name of sets.sort((a, b) => age(b) - age(a)).slice(MAX_SETS)) {
    await rm(join(root, name), { recursive: true, force: true })
  }
}
if (values.help) {
  process.stdout.write(HELP)
} else {
  process.exitCode = await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return 2
  })
}
