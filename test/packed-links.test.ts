import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { files } from '../package.json'

/** Files of the archive that people read. npm adds the README to `files`. */
const TEXTS = [
  'README.md',
  ...files,
  ...readdirSync('docs', { encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'))

const LINK = /\]\((?!https?:|#)([^)#\s]+)|(?:src|srcset|href)="(?!https?:)([^"]+)"/g

const isPacked = (path: string): boolean =>
  existsSync(path) && files.some((name) => path === name || !relative(name, path).startsWith('..'))

test.each(TEXTS)('what %s links to is in the archive as well', (text) => {
  const links = [...readFileSync(text, 'utf8').matchAll(LINK)].map(
    ([, link, source]) => link ?? source ?? '',
  )
  const paths = links.map((link) => join(text, '..', link))
  expect(paths.filter((path) => !isPacked(path))).toEqual([])
})
