import { readFileSync, writeFileSync } from 'node:fs'

/* Run by `npm version`: what was unreleased is that version's, of today. */

const FILE = 'CHANGELOG.md'
const HEADING = /^## Unreleased$/m

const text = readFileSync(FILE, 'utf8')
if (!HEADING.test(text)) throw new Error(`${FILE} has no changes under "## Unreleased".`)
const today = new Date().toISOString().slice(0, 10)
writeFileSync(FILE, text.replace(HEADING, `## ${process.env.npm_package_version} (${today})`))
