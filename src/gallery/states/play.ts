/* User interactions that lead to a state. They wait for elements to appear. */

/** Resolves with the first matching element as soon as there is one. */
function waitFor<T extends HTMLElement>(find: () => T | null): Promise<T> {
  return new Promise((resolve) => {
    const check = () => {
      const found = find()
      if (found === null) requestAnimationFrame(check)
      else resolve(found)
    }
    check()
  })
}

/** Finds a button by its text or label. */
const button = (name: RegExp) => () =>
  [...document.querySelectorAll<HTMLElement>('button, summary')].find((element) =>
    name.test(element.ariaLabel ?? element.textContent ?? ''),
  ) ?? null

export const press = async (name: RegExp): Promise<void> => (await waitFor(button(name))).click()

/** Selects the radio button with this label. */
export async function pick(name: RegExp): Promise<void> {
  const option = await waitFor(
    () =>
      [...document.querySelectorAll('label')].find(({ textContent }) => name.test(textContent)) ??
      null,
  )
  // A click on the label would focus it like a mouse, and hide all later focus rings.
  option.control?.click()
}

/** Chooses a file in the first field for one whose label matches. */
export async function chooseFile(label: RegExp, file: File): Promise<void> {
  const input = await waitFor(
    () =>
      [...document.querySelectorAll<HTMLInputElement>('input[type=file]')].find(({ labels }) =>
        label.test(labels?.[0]?.textContent ?? ''),
      ) ?? null,
  )
  const transfer = new DataTransfer()
  transfer.items.add(file)
  input.files = transfer.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

/** Selects the task at this position of the list, from 0. */
export async function choose(place: number): Promise<void> {
  const row = () =>
    document.querySelector<HTMLElement>(
      `:is([data-index="${place}"], [aria-posinset="${place + 1}"]) input`,
    )
  ;(await waitFor(row)).click()
}

/** Waits for a button without pressing it. */
export const offered = async (name: RegExp): Promise<void> => void (await waitFor(button(name)))

/** Presses a button that opens a dialog, and waits for the dialog. */
export async function open(name: RegExp): Promise<void> {
  await press(name)
  await shown()
}

/** Presses a key that opens a dialog, and waits for the dialog. */
export async function openByKey(key: string): Promise<void> {
  await waitFor(() => {
    // The code behind the keys loads after the page.
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    return document.querySelector<HTMLElement>('dialog[open]')
  })
}

/** Resolves when a dialog is open. */
export async function shown(): Promise<void> {
  await waitFor(() => document.querySelector<HTMLElement>('dialog[open]'))
}

/** Types into the first field (a dialog's before the page's), in a way that React notices. */
export async function type(text: string): Promise<void> {
  const field = await waitFor(
    () =>
      document.querySelector<HTMLElement>('dialog[open] :is(input:not([type=file]), textarea)') ??
      document.querySelector<HTMLElement>('main :is(input, textarea)'),
  )
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') ?? {}
  set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Focuses the first time shown on the page. */
export async function focusTime(): Promise<void> {
  const time = await waitFor(() => document.querySelector<HTMLElement>('main time'))
  time.focus({ preventScroll: true })
}

/** Focuses the element with this label. */
export async function focusLabelled(name: RegExp): Promise<void> {
  const element = await waitFor(() => {
    // Behind a dialog nothing can be focused.
    const place = document.querySelector('dialog[open]') ?? document
    const all = [...place.querySelectorAll<HTMLElement>('[aria-label]')]
    return all.find(({ ariaLabel }) => name.test(ariaLabel ?? '')) ?? null
  })
  element.focus({ preventScroll: true })
}

/** The first image of the page, scaled down, as the original file of a task. */
export async function pictureInLittle(): Promise<File> {
  const image = await waitFor(() => document.querySelector<HTMLImageElement>('main img'))
  // Firefox refuses to decode lazy images.
  image.loading = 'eager'
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth / 4
  canvas.height = image.naturalHeight / 4
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  return new File(blob === null ? [] : [blob], 'dunes.png', { type: 'image/png' })
}

/** Copies with a stubbed clipboard that allows it or not, whatever the browser would do. */
export async function copy(allowed: boolean): Promise<void> {
  const element = await waitFor(button(/^Copy ID$/))
  const outcome = () => (allowed ? Promise.resolve() : Promise.reject(new Error('denied')))
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: outcome },
    configurable: true,
  })
  element.click()
  // Restores the browser's own.
  Reflect.deleteProperty(navigator, 'clipboard')
}
