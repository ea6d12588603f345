/** Every URL of the app. */
export const paths = {
  home: '/',
  task: (taskId: string) => `/tasks/${encodeURIComponent(taskId)}`,
  gallery: '/gallery',
} as const

/** The same as patterns of the router. */
export const routes = {
  home: '/',
  task: '/tasks/:taskId',
  gallery: '/gallery/:state?',
} as const
