import * as v from 'valibot'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import { openChannel } from '../lib/browser/channel.ts'

/** Message between tabs: the tasks that one of them has changed, or that it erases the list. */
const schema = v.union([v.picklist(['all', 'erasing']), v.array(taskIdSchema)])

export type ListMessage = 'all' | 'erasing' | readonly TaskId[]

export interface ListMessages {
  readonly post: (message: ListMessage) => void
  readonly close: () => void
}

/**
 * Messages between the tabs that have the list of one key; what is none is ignored. A page that has
 * missed some gets 'all'.
 */
export function openListMessages(
  keyHash: string,
  onMessage: (message: ListMessage) => void,
): ListMessages {
  const channel = openChannel(`loupe:list:${keyHash}`)
  channel.listen((data) => {
    const message = v.safeParse(schema, data)
    if (message.success) onMessage(message.output)
  })
  // A page in the back/forward cache gets no messages.
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (persisted) onMessage('all')
  }
  globalThis.addEventListener?.('pageshow', comeBack)
  return {
    post: channel.post,
    close() {
      globalThis.removeEventListener?.('pageshow', comeBack)
      channel.close()
    },
  }
}
