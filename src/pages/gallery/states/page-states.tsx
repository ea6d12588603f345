import { SAMPLE_NAMES, SAMPLES } from '../../../upscayl/samples.ts'
import type { Sandbox } from '../../../upscayl/sandbox.ts'
import { NotFoundPage } from '../../not-found/not-found-page.tsx'
import { NoTaskId } from '../../task/no-task-id.tsx'
import { SandboxList } from '../../watch-list/sandbox-panel.tsx'
import { drawList } from './list-states.tsx'
import { press, type } from './play.ts'
import { type GalleryState, prefixed } from './state.ts'

const nothing = () => {}

const SANDBOX: Sandbox = {
  key: 'sandbox-key',
  tasks: [
    { id: 'running', title: 'A picture at work', says: 'About a minute from its turn to the end.' },
    { id: 'done', title: 'Done, not looked at yet', says: 'The first look deducts its credits.' },
    { id: 'failed', title: 'Failed', says: 'Its file broke off during the upload.' },
  ],
  sentinels: SAMPLE_NAMES.map((name) => ({ id: `sentinel-${name}`, says: SAMPLES[name].says })),
  recordings: [{ id: 'recording-1c3f9a20', says: '14 answers over 58 s' }],
}

const home = (
  says: string,
  start: Parameters<typeof SandboxList>[0]['start'] | null,
  refused: string | null = null,
): GalleryState => ({
  says,
  keyGiven: true,
  width: 'wide',
  page: (scene) =>
    drawList(scene, [], {
      children:
        start === null ? null : (
          <SandboxList
            sandbox={SANDBOX}
            start={start}
            onStart={nothing}
            refused={refused}
            onRecording={nothing}
          />
        ),
    }),
})

/** The way in. */
export const HOME_STATES = prefixed('home', {
  plain: home('Before the real API: a field, nothing else', null),
  sandbox: home('Before the sandbox: its tasks', 'idle'),
  starting: home('A new task is being started', 'starting'),
  'start-failed': home('A new task could not be started', 'failed'),
  'recording-refused': home(
    'A file that is no recording',
    'idle',
    'This is no recording of Loupe.',
  ),
  sentinels: {
    ...home('All ids that ask for an answer or a failure', 'idle'),
    play: () => press(/^Ids that ask/),
  },
  refused: {
    ...home('What was typed is no id', null),
    play: async () => {
      await type('not an id!')
      await press(/^Watch$/)
    },
  },
})

function Broken(): never {
  throw new Error('Thrown by the gallery, to show what a fault of Loupe looks like')
}

/** Where nothing else fits. */
export const WRONG_STATES = prefixed('wrong', {
  address: { says: 'No page at this address', keyGiven: true, page: () => <NotFoundPage /> },
  'task-id': {
    says: 'An address whose task id is none',
    keyGiven: true,
    page: () => <NoTaskId text="two words" />,
  },
  'task-id-long': {
    says: 'An address whose task id is far too long',
    keyGiven: true,
    page: () => <NoTaskId text={'0123456789'.repeat(60)} />,
  },
  loupe: { says: 'Loupe itself has a fault', keyGiven: true, page: () => <Broken /> },
})
