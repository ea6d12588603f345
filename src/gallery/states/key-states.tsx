import type { ComponentProps } from 'react'
import { SECOND } from '../../../core/lib/units.ts'
import { KeyScreen } from '../../pages/key/key-screen.tsx'
import { SessionNotes } from '../../pages/key/session-notes.tsx'
import type { ApiKey } from '../../session/api-key.ts'
import { followingAt } from '../following.ts'
import { press, type } from './play.ts'
import { drawn, type GalleryState, nothing, prefixed } from './state.ts'
import { received, TaskScene } from './task-scene.tsx'

const key = (
  description: string,
  has: Partial<ComponentProps<typeof KeyScreen>> = {},
): GalleryState => ({
  description,
  keyGiven: false,
  page: () => (
    <KeyScreen
      taskId={null}
      forgottenElsewhere={false}
      offers={[]}
      sandboxKey={null}
      onKey={nothing}
      {...has}
    />
  ),
})

const sandboxKey = 'sandbox-key'
const taskId = 'c0ffee00-cafe-4bad-8ace'
const offers = ['the-key-of-work-4f2a', 'the-key-of-home-91bc'] as ApiKey[]

/** The form for the key. */
export const KEY_STATES = prefixed('key', {
  plain: key('Key needed'),
  'for-task': key('Key needed for a linked task', { taskId }),
  'long-id': key('Key needed for a very long ID', { taskId: 'x'.repeat(100) }),
  sandbox: key('With the key of the sandbox', { sandboxKey }),
  forgotten: key('The key was removed in another tab', { forgottenElsewhere: true }),
  offers: key('Other tabs have different keys', { taskId, offers, sandboxKey }),
  offer: key('Another tab offers its key', { offers: offers.slice(0, 1) }),
  empty: { ...key('No key entered'), play: () => press(/^Continue$/) },
  refused: {
    ...key('Key with a space', { sandboxKey }),
    play: async () => {
      await type('two halves')
      await press(/^Continue$/)
    },
  },
})

/** Note about a key above a page. */
export const KEY_NOTE_STATES = prefixed('notice', {
  'key-in-url': drawn('A key was in the URL', (scene) => (
    <>
      <SessionNotes onDismiss={nothing} />
      <TaskScene following={followingAt([received('enhancing', scene, 4 * SECOND)], scene.at)} />
    </>
  )),
})
