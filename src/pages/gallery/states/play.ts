/* What a person does, for the states that come of it. A part that is not there yet is waited for. */

/** Resolves with the first element of the page that fits, as soon as there is one. */
function appears<T extends HTMLElement>(find: () => T | null): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      const found = find()
      if (found === null) requestAnimationFrame(look)
      else resolve(found)
    }
    look()
  })
}

/** By the text it shows or the label it has. */
const button = (name: RegExp) => () =>
  [...document.querySelectorAll<HTMLElement>('button, summary')].find((element) =>
    name.test(element.ariaLabel ?? element.textContent ?? ''),
  ) ?? null

export const press = async (name: RegExp): Promise<void> => (await appears(button(name))).click()

/** Presses what opens a dialog, and waits for it. */
export async function open(name: RegExp): Promise<void> {
  await press(name)
  await shown()
}

/** Resolves when a dialog is open. */
export async function shown(): Promise<void> {
  await appears(() => document.querySelector<HTMLElement>('dialog[open]'))
}

/** Types into the page's only field (a dialog's before the page's), as React notices it. */
export async function type(text: string): Promise<void> {
  const field = await appears(
    () =>
      document.querySelector<HTMLInputElement>('dialog[open] input') ??
      document.querySelector<HTMLInputElement>('main input'),
  )
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {}
  set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Focuses the first time that is written on the page. */
export async function focusTime(): Promise<void> {
  const time = await appears(() => document.querySelector<HTMLElement>('main time'))
  time.focus({ preventScroll: true })
}

/** Copies with a clipboard that allows it or not, whatever the browser would. */
export async function copy(allowed: boolean): Promise<void> {
  const element = await appears(button(/^Copy task id$/))
  const outcome = () => (allowed ? Promise.resolve() : Promise.reject(new Error('denied')))
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: outcome },
    configurable: true,
  })
  element.click()
  // What was put over the browser's own goes again.
  Reflect.deleteProperty(navigator, 'clipboard')
}
