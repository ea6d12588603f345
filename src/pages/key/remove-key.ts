import type { ApiKey } from '../../session/api-key.ts'
import { forgetKey } from '../../session/session.ts'
import { creditLimitOf } from '../../tasks/credit-limit.ts'
import { savedViewsOf } from '../../tasks/saved-views.ts'
import { listOf } from '../../tasks/task-list.ts'
import { toast } from '../../ui/toast.ts'
import { unfinishedOf } from '../new-task/unfinished-of.ts'

/** Removes the key from all tabs; this tab can have it back for a moment. */
export function removeKey(): void {
  const restore = forgetKey()
  toast({ text: 'API key removed', actions: [{ label: 'Undo', onAction: restore }] })
}

/** The same, with the tasks, uploads, views and limit stored for it. */
export async function removeKeyAndList(key: ApiKey): Promise<void> {
  const erased = await listOf(key).erase()
  const views = savedViewsOf(key).get()
  const limit = creditLimitOf(key).get()
  const uploads = unfinishedOf(key).get()
  savedViewsOf(key).set([])
  creditLimitOf(key).set({ credits: null })
  unfinishedOf(key).set([])
  const restore = forgetKey()
  const undo = () => {
    restore()
    savedViewsOf(key).set(views)
    creditLimitOf(key).set(limit)
    unfinishedOf(key).set(uploads)
    void listOf(key).restore(erased)
  }
  const text =
    erased.stored === null
      ? 'API key removed. Browser storage hasn’t responded, so the list may still be there.'
      : 'API key and list removed'
  toast({ text, actions: [{ label: 'Undo', onAction: undo }] })
}
