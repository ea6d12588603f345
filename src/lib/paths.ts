/** Every URL of the app. */
export const paths = {
  home: '/',
  task: (taskId: string) => `/tasks/${encodeURIComponent(taskId)}`,
  newTask: '/new',
  credits: '/credits',
  /** What it shows is in the fragment. */
  snapshot: '/snapshot',
  gallery: '/gallery',
} as const

/** The same as patterns of the router. */
export const routes = {
  home: '/',
  task: '/tasks/:taskId',
  newTask: '/new',
  credits: '/credits',
  snapshot: '/snapshot',
  gallery: '/gallery/:state?',
  /** A live link; the server makes its address. */
  live: '/s/:token',
} as const
