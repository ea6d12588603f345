/* What a person is doing on the page, so that nothing interrupts it. */

export const isDialogOpen = (): boolean => document.querySelector('dialog[open]') !== null

/** Not those that take no letters: a slider, a checkbox. */
const TEXT_FIELDS =
  'input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]'

/** Whether keys that are pressed with this focus are letters of a text. */
export const isTextField = (focused: EventTarget | null): boolean =>
  focused instanceof HTMLElement && focused.matches(TEXT_FIELDS)

/** Whether a text is being written: the field with the focus has one. */
export function isWriting(): boolean {
  const focused = document.activeElement
  return isTextField(focused) && focused !== null && 'value' in focused && focused.value !== ''
}

/** Whether the browser would ask before the page is left: something is being sent or saved. */
export const asksBeforeLeaving = (): boolean =>
  !dispatchEvent(new Event('beforeunload', { cancelable: true }))
