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

/** Picks the radio button with this label. */
export async function pick(name: RegExp): Promise<void> {
  const option = await appears(
    () =>
      [...document.querySelectorAll('label')].find(({ textContent }) => name.test(textContent)) ??
      null,
  )
  // A label would give it the focus as a mouse does, and hide the rings of all that is focused later.
  option.control?.click()
}

/** Chooses the task in this place of the list, from 0. */
export async function choose(place: number): Promise<void> {
  const row = () => document.querySelector<HTMLElement>(`[data-index="${place}"] input`)
  ;(await appears(row)).click()
}

/** Waits for what is to be pressed, and leaves it. */
export const offered = async (name: RegExp): Promise<void> => void (await appears(button(name)))

/** Presses what opens a dialog, and waits for it. */
export async function open(name: RegExp): Promise<void> {
  await press(name)
  await shown()
}

/** Resolves when a dialog is open. */
export async function shown(): Promise<void> {
  await appears(() => document.querySelector<HTMLElement>('dialog[open]'))
}

/** Types into the page's first field (a dialog's before the page's), as React notices it. */
export async function type(text: string): Promise<void> {
  const field = await appears(
    () =>
      document.querySelector<HTMLElement>('dialog[open] input') ??
      document.querySelector<HTMLElement>('main :is(input, textarea)'),
  )
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') ?? {}
  set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Focuses the first time that is written on the page. */
export async function focusTime(): Promise<void> {
  const time = await appears(() => document.querySelector<HTMLElement>('main time'))
  time.focus({ preventScroll: true })
}

/** Focuses what has this label. */
export async function focusLabelled(name: RegExp): Promise<void> {
  const element = await appears(
    () =>
      [...document.querySelectorAll<HTMLElement>('[aria-label]')].find(({ ariaLabel }) =>
        name.test(ariaLabel ?? ''),
      ) ?? null,
  )
  element.focus({ preventScroll: true })
}

/** The first picture of the page in little, as a file that a task may have been started from. */
export async function pictureInLittle(): Promise<File> {
  const image = await appears(() => document.querySelector<HTMLImageElement>('main img'))
  // Firefox refuses to decode what loads only when it is scrolled to.
  image.loading = 'eager'
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth / 4
  canvas.height = image.naturalHeight / 4
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  return new File(blob === null ? [] : [blob], 'dunes.png', { type: 'image/png' })
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
