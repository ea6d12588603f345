import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { BASELINES, hasBaselines, NO_BASELINES } from '../support/baselines.ts'

/*
 * `npm run test:visual` compares; `-- --update` draws the baselines anew; anything else goes to
 * Playwright, such as `-- -g enhancing`.
 */

const given = process.argv.slice(2)
const update = given.includes('--update')
if (update) mkdirSync(BASELINES, { recursive: true })
if (!hasBaselines()) {
  process.stderr.write(`${NO_BASELINES}\n`)
  process.exit(1)
}
const { status } = spawnSync(
  'playwright',
  [
    ...['test', '[.]visual[.]ts$', '--project=tests', '--reporter=dot,html'],
    ...(update ? ['--update-snapshots=changed'] : []),
    ...given.filter((argument) => argument !== '--update'),
  ],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PLAYWRIGHT_HTML_OPEN: 'never' },
  },
)
if (status !== 0) {
  process.stderr.write(
    'What differs, beside what it was: npx playwright show-report\nIf it is meant: npm run test:visual -- --update\n',
  )
}
process.exit(status ?? 1)
