import { kindOfWord, TASK_RULES } from '../core/api/task.ts'
import type { PublicAnswer } from '../test/openapi/public-schema.ts'
import { statusIn } from '../test/openapi/public-schema.ts'
import { expect, giveKey, test } from './support/fixtures.ts'
import { startGeneratedApi } from './support/generated-api.ts'
import { startServer } from './support/server.ts'

/** test/openapi reads three hundred from the same schema, of which these go all the way to the page. */
const COUNT = 100

const filesIn = ({ body }: PublicAnswer): number =>
  (body as { data: { files?: readonly unknown[] } }).data.files?.length ?? 0

test('responses generated from the public API page: each valid one is shown', async ({ page }) => {
  const api = await startGeneratedApi(20_260_101, COUNT)
  const server = await startServer({
    UPSCAYL_API_URL: api.url,
    // Enough to open each, and few enough that those still running are seldom checked again.
    LOUPE_HOURLY_QUESTIONS: String(2 * COUNT),
  })
  try {
    await giveKey(page, 'key-1234567890')
    await page.goto(server.url)
    const status = page.getByRole('region', { name: 'Status', exact: true })
    // The only file of a task is its page.
    const files = page
      .getByRole('region', { name: 'Files', exact: true })
      .getByRole('listitem')
      .or(page.getByRole('region', { name: 'File', exact: true }))
    let good = 0
    for (const [index, answer] of api.answers.entries()) {
      // Like a link in the page, without reloading the app.
      await page.evaluate((path) => {
        history.pushState(null, '', path)
        dispatchEvent(new PopStateEvent('popstate'))
      }, `/tasks/made-${index}`)
      const word = statusIn(answer)
      if (word === null) continue
      good++
      const { label } = TASK_RULES[kindOfWord(word)]
      // Beside its details, and as the heading of a task without a name.
      const id = page.getByTitle(`made-${index}`, { exact: true }).filter({ visible: true })
      await expect(id.first()).toBeVisible()
      const json = JSON.stringify(answer)
      await expect(status.getByText(label, { exact: true }), json).toBeVisible()
      await expect(files, json).toHaveCount(filesIn(answer))
      await expect(page.getByRole('region', { name: 'Upscayl error' })).toHaveCount(0)
    }
    expect(good).toBeGreaterThan(COUNT / 3)
  } finally {
    await server.stop()
    await api.stop()
  }
})
