import type { ComponentProps } from 'react'
import { SECOND } from '../../../lib/units.ts'
import type { ApiKey } from '../../../session/api-key.ts'
import type { Note } from '../../../session/session.ts'
import { KeyScreen } from '../../key/key-screen.tsx'
import { SessionNoteList } from '../../key/session-notes.tsx'
import { followingAt } from '../following.ts'
import { press, type } from './play.ts'
import { type GalleryState, prefixed } from './state.ts'
import { answered, TaskScene } from './task-scene.tsx'

const nothing = () => {}

const key = (says: string, has: Partial<ComponentProps<typeof KeyScreen>> = {}): GalleryState => ({
  says,
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

/** The question for the key. */
export const KEY_STATES = prefixed('key', {
  plain: key('A key is asked for'),
  'for-task': key('A link to a task was opened without a key', { taskId }),
  'long-id': key('A link with a very long id', { taskId: 'x'.repeat(100) }),
  sandbox: key('The sandbox offers its own key', { sandboxKey }),
  forgotten: key('The key was forgotten in another tab', { forgottenElsewhere: true }),
  offers: key('Other tabs have different keys', { taskId, offers, sandboxKey }),
  offer: key('Another tab answered late', { offers: offers.slice(0, 1) }),
  empty: {
    ...key('Continue without a key'),
    play: () => press(/^Continue$/),
  },
  refused: {
    ...key('A key with a space in it', { sandboxKey }),
    play: async () => {
      await type('two halves')
      await press(/^Continue$/)
    },
  },
})

const told = (says: string, notes: readonly Note[]): GalleryState => ({
  says,
  keyGiven: true,
  page: (scene) => (
    <>
      <SessionNoteList notes={notes} onDismiss={nothing} onForgetKey={nothing} />
      <TaskScene following={followingAt([answered('enhancing', scene, 4 * SECOND)], scene.at)} />
    </>
  ),
})

/** What is told of the key above a page. */
export const KEY_NOTE_STATES = prefixed('told', {
  'handed-over': told('The key is from another tab', ['handed-over']),
  'in-address': told('A key was in the address', ['in-address']),
  both: told('A key was in the address, and the tab’s is from another', [
    'in-address',
    'handed-over',
  ]),
})
