import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** The changelog after `npm version 1.2.3`. */
function dated(changelog: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'loupe-changelog-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  const script = resolve('tools/date-changelog.ts')
  execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
    cwd: folder,
    env: { ...process.env, npm_package_version: '1.2.3' },
    stdio: 'pipe',
  })
  return readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
}

test('a release dates the unreleased changes', () => {
  const changelog = dated('# Changelog\n\n## Unreleased\n\n- More\n\n## 1.2.2 (2026-01-01)\n')
  const [, date] = /^## 1\.2\.3 \((\d{4}-\d\d-\d\d)\)$/m.exec(changelog) ?? []
  expect(changelog).toBe(`# Changelog\n\n## 1.2.3 (${date})\n\n- More\n\n## 1.2.2 (2026-01-01)\n`)
})

test('without any, there is no release', () => {
  expect(() => dated('# Changelog\n\n## 1.2.2 (2026-01-01)\n')).toThrow(
    'CHANGELOG.md has no changes under "## Unreleased".',
  )
})

test('the changelog of Loupe has its format', () => {
  const headings = readFileSync('CHANGELOG.md', 'utf8').match(/^## .*$/gm) ?? []
  for (const heading of headings) {
    expect(heading).toMatch(/^## (?:Unreleased|\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\))$/)
  }
  expect(headings.length).toBeGreaterThan(0)
})
