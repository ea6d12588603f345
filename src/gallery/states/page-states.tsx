import { SAMPLE_NAMES, SAMPLES } from '../../../core/api/samples.ts'
import { SECOND } from '../../../core/lib/units.ts'
import type { Sandbox } from '../../api/sandbox.ts'
import { NotFoundPage } from '../../pages/not-found/not-found-page.tsx'
import { NoSandbox, SandboxScreen } from '../../pages/sandbox/sandbox-screen.tsx'
import { NoTaskId } from '../../pages/task/no-task-id.tsx'
import { drawList } from './list-states.tsx'
import { type } from './play.ts'
import { drawn, type GalleryState, nothing, prefixed } from './state.ts'

const SANDBOX: Sandbox = {
  key: 'sandbox-key',
  tasks: [
    { id: 'running', title: 'Running task', says: 'One image, about a minute.' },
    {
      id: 'done',
      title: 'Finished, not checked yet',
      says: 'Credits are deducted on the first check.',
    },
    {
      id: 'failed',
      title: 'Failed',
      says: 'The upload was cut off. Failed tasks are free.',
    },
  ],
  sentinels: SAMPLE_NAMES.map((name) => ({
    id: `sentinel-${name}`,
    says: SAMPLES[name].description,
    blocksMs: name === 'error-429' ? 90 * SECOND : null,
  })),
  balance: 9940,
  recordings: [{ id: 'recording-1c3f9a20', says: '14 responses over 58 s' }],
}

const home = (description: string): GalleryState => ({
  description,
  keyGiven: true,
  width: 'wide',
  page: (scene) => drawList(scene, []),
})

/** The start page. */
export const HOME_STATES = prefixed('home', {
  plain: home('No tasks yet'),
})

const sandbox = (
  description: string,
  change: Partial<Parameters<typeof SandboxScreen>[0]> = {},
): GalleryState =>
  drawn(description, () => (
    <SandboxScreen
      sandbox={SANDBOX}
      start="idle"
      onStart={nothing}
      refused={null}
      onRecording={nothing}
      {...change}
    />
  ))

export const SANDBOX_STATES = prefixed('sandbox', {
  plain: sandbox('Demos, test IDs and recordings'),
  starting: sandbox('Starting a demo', { start: 'starting' }),
  failed: sandbox('Starting a demo failed', { start: 'failed' }),
  'recording-refused': sandbox('File that isn’t a recording', {
    refused: 'This is not a Loupe recording.',
  }),
  filtered: {
    ...sandbox('Test IDs that match a filter'),
    play: () => type('429'),
  },
  none: drawn('No sandbox on this server', () => <NoSandbox />),
})

function Broken(): never {
  throw new Error('Thrown by the gallery to show an error of Loupe')
}

/** States that fit nowhere else. */
export const WRONG_STATES = prefixed('wrong', {
  'not-found': drawn('Page not found', () => <NotFoundPage />),
  'task-id': drawn('URL with an invalid task ID', () => <NoTaskId text="two words" />),
  'task-id-long': drawn('URL with a task ID that is too long', () => (
    <NoTaskId text={'0123456789'.repeat(60)} />
  )),
  loupe: drawn('Error of Loupe', () => <Broken />),
})
