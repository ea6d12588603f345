/*
 * A classic script in the HTML, which runs before the first paint: the theme, and which part of the
 * static shell (shell.tsx) is shown. It imports nothing, since a classic script cannot.
 */

/** Whether the HTML in which this script is was built for the requested path. */
function isRoute(): boolean {
  const route = document.currentScript?.dataset.route
  return route !== undefined && new RegExp(route, 'i').test(location.pathname)
}

/** A key was used in this browser (session.ts), so another tab may have one and send it. */
const mayHaveKey = () => localStorage.getItem('loupe:key-used') !== null

function keyState(): string {
  try {
    // Only whether there is one. Only src/session reads it.
    if (sessionStorage.getItem('loupe:api-key') !== null) return 'kept'
    return mayHaveKey() ? 'awaited' : 'none'
  } catch {
    return 'awaited'
  }
}

function theme(): string {
  try {
    const isGallery = location.pathname.startsWith('/gallery/')
    const chosen = isGallery
      ? (new URLSearchParams(location.search).get('theme') ?? 'light')
      : localStorage.getItem('loupe:theme')
    if (chosen === 'light' || chosen === 'dark') return chosen
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  } catch {
    return 'light'
  }
}

const addLink = (link: Partial<HTMLLinkElement>) =>
  document.head.append(Object.assign(document.createElement('link'), link))

/** Code of the page. The first script would find it only after its own arrival. */
function preloadCode(urls: string): void {
  for (const href of new Set(urls.split(' ').filter(Boolean))) {
    addLink({ rel: 'modulepreload', href })
  }
}

/** The picture of the key page, its largest paint: the browser would find it only during layout. */
function preloadPicture(href: string, media = ''): void {
  addLink({ rel: 'preload', as: 'image', fetchPriority: 'high', href, media })
}

const { keyless = '', keyed = '', picture, media } = document.currentScript?.dataset ?? {}
const shell = isRoute() ? keyState() : 'other'
Object.assign(document.documentElement.dataset, { theme: theme(), shell })
if (shell === 'none') {
  if (picture) preloadPicture(picture, media)
  preloadCode(keyless)
}
if (shell === 'kept') preloadCode(keyed)
if (shell === 'awaited') preloadCode(`${keyless} ${keyed}`)
