/** All URLs of the app. */
export const paths = {
  home: '/',
  /** The list with the parameters of a view. */
  list: (query: string) => (query === '' ? '/' : `/?${query}`),
  task: (taskId: string) => `/tasks/${encodeURIComponent(taskId)}`,
  newTask: '/new',
  credits: '/credits',
  /** The content is in the fragment. */
  snapshot: '/snapshot',
  sandbox: '/sandbox',
  gallery: '/gallery',
} as const

/** The same paths as router patterns. */
export const routes = {
  home: '/',
  task: '/tasks/:taskId',
  newTask: '/new',
  credits: '/credits',
  snapshot: '/snapshot',
  sandbox: '/sandbox',
  gallery: '/gallery/:state?',
  /** Live link; the server creates its URL. */
  live: '/s/:token',
} as const

/** URL length that email programs and chats keep intact. */
export const MAX_LINK_LENGTH = 8000
