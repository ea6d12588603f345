// Runs before the first paint, as a file of its own: the page's policy allows no inline script.
try {
  const inGallery = location.pathname.startsWith('/gallery/')
  const asked = inGallery ? (new URLSearchParams(location.search).get('theme') ?? 'light') : null
  const chosen = asked ?? localStorage.getItem('loupe:theme')
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme =
    chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light'
} catch {
  document.documentElement.dataset.theme = 'light'
}
