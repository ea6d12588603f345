import type { PublicAnswer } from '../server/public-schema.ts'
import { statusIn } from '../server/public-schema.ts'
import { kindOfWord, TASK_RULES } from '../src/upscayl/task.ts'
import { expect, giveKey, test } from './support/fixtures.ts'
import { startGeneratedApi } from './support/generated-api.ts'
import { startServer } from './support/server.ts'

const COUNT = 300

const filesIn = ({ body }: PublicAnswer): number =>
  (body as { data: { files?: readonly unknown[] } }).data.files?.length ?? 0

test('an API made of its public page alone, asked 300 times: each good answer is shown', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const api = await startGeneratedApi(20_260_101, COUNT)
  const server = await startServer({
    UPSCAYL_API_URL: api.url,
    LOUPE_HOURLY_QUESTIONS: '100000',
  })
  try {
    await giveKey(page, 'key-1234567890')
    await page.goto(server.url)
    const status = page.getByRole('region', { name: 'Status', exact: true })
    const files = page.getByRole('region', { name: 'Files', exact: true }).getByRole('listitem')
    let good = 0
    for (const [index, answer] of api.answers.entries()) {
      // As a link in the page does, without loading all of it again.
      await page.evaluate((path) => {
        history.pushState(null, '', path)
        dispatchEvent(new PopStateEvent('popstate'))
      }, `/tasks/made-${index}`)
      const word = statusIn(answer)
      if (word === null) continue
      good++
      const { label } = TASK_RULES[kindOfWord(word)]
      const told = JSON.stringify(answer)
      await expect(
        page.getByRole('heading', { name: `Task made-${index}`, exact: true }),
      ).toBeVisible()
      await expect(status.getByText(label, { exact: true }), told).toBeVisible()
      await expect(files, told).toHaveCount(filesIn(answer))
      await expect(page.getByRole('region', { name: 'Upscayl has a problem' })).toHaveCount(0)
    }
    expect(good).toBeGreaterThan(100)
  } finally {
    await server.stop()
    await api.stop()
  }
})
