import { expect, test } from './support/fixtures.ts'

/*
 * Translating browsers and extensions change what React has rendered: texts are wrapped in <font>
 * elements, copied, moved or removed. The page keeps working.
 */

/** Page changes; each runs in the page, and those that use `forever` also run after later renders. */
const TRANSLATORS = {
  'a browser wraps each text once in two elements': () => {
    const copy = (text: Text) => {
      const outer = document.createElement('font')
      const inner = document.createElement('font')
      inner.textContent = text.data.toUpperCase()
      outer.append(inner)
      text.replaceWith(outer)
    }
    for (const text of window.texts()) copy(text)
  },
  'a browser keeps translating new text': () => {
    const translate = () => {
      for (const text of window.texts()) {
        const font = document.createElement('font')
        font.textContent = text.data.toUpperCase()
        // In two steps, as some do.
        text.parentNode?.insertBefore(font, text)
        text.remove()
      }
    }
    window.forever(translate)
  },
  'an extension moves each text into its own elements': () => {
    window.forever(() => {
      for (const text of window.texts()) {
        const font = document.createElement('font')
        text.replaceWith(font)
        font.append(document.createElement('b'), text)
      }
    })
  },
  'a translation is undone and repeated': () => {
    const originals: [HTMLElement, Text][] = []
    const translate = () => {
      for (const text of window.texts()) {
        const font = document.createElement('font')
        font.textContent = text.data.toUpperCase()
        text.replaceWith(font)
        originals.push([font, text])
      }
    }
    translate()
    for (const [font, text] of originals.splice(0)) font.replaceWith(text)
    translate()
  },
  'an extension adds notes before each text, and removes every third': () => {
    window.texts().forEach((text, n) => {
      text.parentNode?.insertBefore(document.createElement('i'), text)
      // How many texts come before it depends on timing; the test clicks this button by name.
      if (n % 3 === 0 && text.data !== 'Check now') text.remove()
    })
  },
} as const

declare global {
  interface Window {
    /** Texts that are not translated yet. */
    texts: () => Text[]
    /** Runs `work` now and after each change of the page. */
    forever: (work: () => void) => void
  }
}

const response = (progress: number) => ({
  status: 'success',
  data:
    progress < 100
      ? { status: 'ENHANCING', progress: String(progress), creditsDeducted: false, files: [] }
      : {
          status: 'PROCESSED',
          progress: '100',
          creditsDeducted: true,
          deductedCredits: 10,
          files: [
            { _id: 'one', fileName: 'one.png', downloadLink: 'https://files.example/one.png' },
          ],
        },
})

for (const [name, translate] of Object.entries(TRANSLATORS)) {
  const whole = !name.includes('removes')
  test(`${name}: the task is watched to its end`, async ({ open, page }) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    let progress = 20
    await page.route('**/api/get-task-status', (route) =>
      route.fulfill({ json: response(progress) }),
    )
    await page.addInitScript(() => {
      window.texts = () => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        const texts: Text[] = []
        while (walker.nextNode()) texts.push(walker.currentNode as Text)
        return texts.filter(({ data, parentElement }) => {
          return data.trim() !== '' && parentElement?.closest('font, script, noscript') === null
        })
      }
      window.forever = (work) => {
        const observer = new MutationObserver(() => {
          work()
          observer.takeRecords()
        })
        work()
        observer.observe(document.body, { childList: true, subtree: true, characterData: true })
      }
    })
    await open(`/tasks/translated-${Object.keys(TRANSLATORS).indexOf(name)}`)
    const status = page.getByRole('region', { name: 'Status' })
    await expect(status).toContainText('20')
    await page.evaluate(translate)
    for (progress of [47, 83]) {
      await page.getByRole('button', { name: 'Check now' }).click()
      await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', String(progress))
      if (whole) await expect(status).toContainText(String(progress))
    }
    // The button disappears with the end, which comes with this response or the next.
    await page.getByRole('button', { name: 'Check now' }).click()
    progress = 100
    await expect(page.getByRole('main')).toContainText(/10 credits deducted/i)
    await expect(page.getByText(/one\.png/i).first()).toBeVisible()
    // Removes this page and renders another.
    await page.getByRole('main').locator('a[href="/"]').click()
    await expect(page.getByRole('grid')).toBeVisible()
    await expect(page.getByText(/Something went wrong|couldn’t be displayed/i)).toHaveCount(0)
    expect(errors).toEqual([])
  })
}
