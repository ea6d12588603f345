import { ALL_FILES_STATES, FILE_DIALOG_STATES, FILE_STATES } from './file-states.tsx'
import { HISTORY_STATES } from './history-states.tsx'
import { KEY_NOTE_STATES, KEY_STATES } from './key-states.tsx'
import { LIST_PARTS_STATES } from './list-parts-states.tsx'
import { LIST_STATES } from './list-states.tsx'
import { NEW_TASK_STATES } from './new-task-states.tsx'
import { HOME_STATES, SANDBOX_STATES, WRONG_STATES } from './page-states.tsx'
import { DETAIL_STATES, DIALOG_STATES, EXPIRY_STATES } from './part-states.tsx'
import { LIVE_STATES, SHARE_STATES } from './share-states.tsx'
import { SNAPSHOT_STATES } from './snapshot-states.tsx'
import type { GalleryState, States } from './state.ts'
import {
  ANOMALY_STATES,
  FIRST_ERROR_STATES,
  FORECAST_STATES,
  LATER_ERROR_STATES,
  NEXT_STATES,
  POLLING_STATES,
  REFUSED_STATES,
  SAMPLE_STATES,
} from './task-states.tsx'

export interface Group {
  readonly title: string
  readonly states: States
}

/** Every state of every page, in review order. */
export const GROUPS: readonly Group[] = [
  { title: 'Responses of the API', states: SAMPLE_STATES },
  { title: 'Forecasts', states: FORECAST_STATES },
  { title: 'File expiry', states: EXPIRY_STATES },
  { title: 'One file', states: FILE_STATES },
  { title: 'All files', states: ALL_FILES_STATES },
  { title: 'Viewer and file names', states: FILE_DIALOG_STATES },
  { title: 'Credit anomalies', states: ANOMALY_STATES },
  { title: 'Checks', states: POLLING_STATES },
  { title: 'Next check', states: NEXT_STATES },
  { title: 'Errors on the first check', states: FIRST_ERROR_STATES },
  { title: 'Errors on a later check', states: LATER_ERROR_STATES },
  { title: 'Repeated rejections', states: REFUSED_STATES },
  { title: 'Key', states: KEY_STATES },
  { title: 'Key notices', states: KEY_NOTE_STATES },
  { title: 'Home', states: HOME_STATES },
  { title: 'Sandbox', states: SANDBOX_STATES },
  { title: 'The list', states: LIST_STATES },
  { title: 'Parts of the list', states: LIST_PARTS_STATES },
  { title: 'Earlier tasks', states: HISTORY_STATES },
  { title: 'Snapshots', states: SNAPSHOT_STATES },
  { title: 'New task', states: NEW_TASK_STATES },
  { title: 'Errors of Loupe', states: WRONG_STATES },
  { title: 'Sharing', states: SHARE_STATES },
  { title: 'Public links', states: LIVE_STATES },
  { title: 'Dialogs', states: DIALOG_STATES },
  { title: 'Details', states: DETAIL_STATES },
]

const STATES: ReadonlyMap<string, GalleryState> = new Map(
  GROUPS.flatMap(({ states }) => Object.entries(states)),
)

/** In the order of the groups. */
export const STATE_NAMES: readonly string[] = [...STATES.keys()]

export const stateOf = (name: string): GalleryState | null => STATES.get(name) ?? null
