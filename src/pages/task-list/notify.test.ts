import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { notifyEnd } from './notify.ts'

const END = {
  taskId: 'c0ffee00-cafe-4bad-8ace-000000000001',
  title: 'sea.jpg + 39 more',
  status: 'Done · 2 failed',
} as const

interface Shown {
  readonly title: string
  readonly options: NotificationOptions
  onclick: (() => void) | null
}
let shown: Shown[] = []
const focus = vi.fn()
const page = { visibilityState: 'hidden' }
const storage = new Map<string, string>()

class FakeNotification implements Shown {
  static permission = 'granted'
  onclick: (() => void) | null = null
  readonly title: string
  readonly options: NotificationOptions
  constructor(title: string, options: NotificationOptions) {
    this.title = title
    this.options = options
    shown.push(this)
  }
  close() {}
}

beforeEach(() => {
  shown = []
  page.visibilityState = 'hidden'
  FakeNotification.permission = 'granted'
  storage.set('loupe:notifications', 'on')
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('window', { focus })
  vi.stubGlobal('document', page)
  vi.stubGlobal('Notification', FakeNotification)
  vi.stubGlobal('localStorage', { getItem: (name: string) => storage.get(name) ?? null })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

it('notifies once per task, and opens it on click', () => {
  const open = vi.fn()
  notifyEnd(END, open)
  expect(shown).toMatchObject([
    { title: 'Done · 2 failed: sea.jpg + 39 more', options: { tag: END.taskId } },
  ])
  shown[0]?.onclick?.()
  expect(focus).toHaveBeenCalledOnce()
  expect(open).toHaveBeenCalledOnce()
})

it.each([
  ['the page is looked at', () => (page.visibilityState = 'visible')],
  ['nobody chose it', () => storage.clear()],
  ['the choice makes no sense', () => storage.set('loupe:notifications', 'true')],
  ['the browser denies it', () => (FakeNotification.permission = 'denied')],
  ['the page came over plain http', () => vi.stubGlobal('isSecureContext', false)],
])('sends no notification when %s', (_, arrange) => {
  arrange()
  notifyEnd(END, () => {})
  expect(shown).toEqual([])
})

// Keep this one last: its effect lasts until the page is left.
it('gives up if pages may not use the API', () => {
  const construct = vi.fn(function construct() {
    throw new TypeError('Illegal constructor')
  })
  vi.stubGlobal('Notification', Object.assign(construct, { permission: 'granted' }))
  notifyEnd(END, () => {})
  notifyEnd(END, () => {})
  expect(construct).toHaveBeenCalledOnce()
})
