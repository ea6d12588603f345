import type { Page } from '@playwright/test'

/* Browsers whose APIs are missing, throw, reject or never respond. */

/** rejecting: it exists, but every call fails later. hanging: it never responds. */
export type Fault = 'missing' | 'throwing' | 'rejecting' | 'hanging'

/** A browser API by its global name, and how it is used. */
export type Api =
  /** Functions, such as `navigator.locks` and its `request`; if empty, the object itself is broken. */
  | { readonly kind: 'functions'; readonly name: string; readonly functions: readonly string[] }
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'storage'; readonly name: 'localStorage' | 'sessionStorage' }
  | { readonly kind: 'database'; readonly name: 'indexedDB' }

/** Breaks the API before the page's own code runs. */
export const breakApi = (page: Page, api: Api, fault: Fault) =>
  page.addInitScript(broken, { api, fault })

/** Runs in the page. */
function broken({ api, fault }: { api: Api; fault: Fault }): void {
  const denied = () => new DOMException('denied by a test', 'SecurityError')
  const refuse = () => {
    throw denied()
  }
  const reject = () => Promise.reject(denied())
  const hang = () => new Promise<never>(() => {})
  const put = (owner: object, name: string, value: unknown) =>
    Object.defineProperty(owner, name, { configurable: true, writable: true, value })
  /** Resolves a dotted name to its owner object and its last part. */
  const find = (name: string): [owner: object, last: string] => {
    const parts = name.split('.')
    const last = parts.pop() ?? ''
    return [parts.reduce((at, part) => Reflect.get(at, part), globalThis as object), last]
  }

  if (api.kind === 'functions') {
    const [owner, last] = find(api.name)
    const { functions } = api
    const isOwn = functions.length === 0
    if (isOwn) {
      put(
        owner,
        last,
        { missing: undefined, throwing: refuse, rejecting: reject, hanging: hang }[fault],
      )
    } else if (fault === 'missing' && last !== 'prototype') put(owner, last, undefined)
    else {
      const object = Reflect.get(owner, last)
      const value = { missing: undefined, throwing: refuse, rejecting: reject, hanging: hang }[
        fault
      ]
      for (const name of functions) put(object, name, value)
    }
  } else if (api.kind === 'class') {
    const [owner, last] = find(api.name)
    const Real = Reflect.get(owner, last) as { prototype: object } | undefined
    const members = Object.getOwnPropertyNames(Real?.prototype ?? {})
    /** Has all members of the real class; its streams never produce anything. */
    const stub = (does: (...all: never[]) => unknown) =>
      class {
        static permission = 'granted'
        static requestPermission = does === refuse ? reject : hang
        constructor() {
          for (const name of members) if (name !== 'constructor') put(this, name, does)
          if (members.includes('readable')) {
            put(this, 'readable', new ReadableStream())
            put(this, 'writable', new WritableStream())
          }
        }
      }
    const refusing = Object.assign(
      function refusing() {
        throw denied()
      },
      { permission: 'default', requestPermission: refuse },
    )
    const silent = stub(() => undefined)
    put(
      owner,
      last,
      { missing: undefined, throwing: refusing, rejecting: stub(refuse), hanging: silent }[fault],
    )
  } else if (api.kind === 'storage') {
    const { name } = api
    if (fault === 'missing') put(globalThis, name, undefined)
    else if (fault === 'throwing') {
      Object.defineProperty(globalThis, name, { configurable: true, get: refuse })
    } else {
      // Full.
      const store = globalThis[name]
      const set = Storage.prototype.setItem
      Storage.prototype.setItem = function setItem(...args) {
        if (this === store) throw new DOMException('full', 'QuotaExceededError')
        set.apply(this, args)
      }
    }
  } else if (fault === 'missing') put(globalThis, api.name, undefined)
  else if (fault === 'throwing') put(IDBFactory.prototype, 'open', refuse)
  else {
    const open = IDBFactory.prototype.open
    let count = 0
    put(IDBFactory.prototype, 'open', function opening(this: IDBFactory) {
      count++
      const request = open.call(this, `broken-${count}`, 1)
      const stop = (event: Event) => event.stopImmediatePropagation()
      if (fault === 'rejecting') {
        request.addEventListener('upgradeneeded', (event) => {
          stop(event)
          request.transaction?.abort()
        })
      } else {
        for (const name of ['upgradeneeded', 'success', 'error', 'blocked'])
          request.addEventListener(name, stop)
      }
      return request
    })
  }
}
