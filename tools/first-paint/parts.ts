/**
 * Code that a page loads right after its first, as few chunks: modules that are always needed
 * together would otherwise be split into tiny chunks, each found only when another has arrived.
 * Paths in src, without their endings. A module belongs to the first part that reaches it.
 */
export const PARTS = {
  key: ['app/guest-tools', 'pages/key/key-page', 'pages/key/session-notes'],
  frame: [
    'app/key-tools',
    'app/outage-banner',
    'app/shortcuts',
    'app/update-notice',
    'pages/new-task/images-anywhere',
    'task-view/downloads-elsewhere',
    'ui/toasts',
  ],
  task: [
    'dialogs/share/share-button',
    'pages/task/demo-source',
    'pages/task/neighbours',
    'pages/task/no-task-id',
    'pages/task/related-tasks',
    'pages/task/run-again',
    'pages/task/task-labels',
    'pages/task/task-menu',
    'pages/task/tell-me',
    'pages/task/usual-time',
    'task-view/folder-choice',
    'task-view/results',
    'task-view/status-panel',
    'task-view/task-facts',
    'task-view/unfinished',
    'tasks/task-list',
  ],
  credits: ['pages/credits/credits-page'],
  sandbox: ['pages/sandbox/sandbox-page'],
  newTask: ['pages/new-task/new-task-page'],
  shared: ['pages/shared/live-page', 'pages/shared/snapshot-page'],
  home: ['pages/task-list/task-list-page'],
} as const satisfies Record<string, readonly string[]>

export type Part = keyof typeof PARTS

/** Whether a module's ID is that of a path in src. */
export const isModule = (id: string, path: string): boolean =>
  id.endsWith(`/src/${path}.tsx`) || id.endsWith(`/src/${path}.ts`)

const groupOf = ([name, paths]: [string, readonly string[]]) => ({
  name,
  test: (id: string) => paths.some((path) => isModule(id, path)),
})

const { key, ...others } = PARTS

/** What several pages share. */
const SHARED =
  /\/lucide-react\/dist\/esm\/icons\/|\/core\/|\/src\/(?:api|downloads|lib|tasks|ui|pages\/sandbox-query)\b/

/** Large modules that only some of them need: of the gallery and of sharing. */
const RARE = /\/core\/api\/(?:replay|samples)|\/src\/tasks\/testing-|\/src\/ui\/qr-code/

const isCommon = (id: string): boolean => SHARED.test(id) && !RARE.test(id)

/** Groups of Rolldown's codeSplitting, in order of precedence. */
export const chunkGroups = () => [
  // Everything that index.html loads.
  { name: 'first', test: /\/src\/main\.tsx$/ },
  groupOf(['key', key]),
  { name: 'common', test: isCommon, minShareCount: 3 },
  ...Object.entries(others).map(groupOf),
]
