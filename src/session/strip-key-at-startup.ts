import { currentKey, tell } from './session.ts'
import { stripKeyFromUrl } from './strip-key-from-url.ts'

// Imported first by main.tsx, so that no later code sees a key from the URL.
const clean = stripKeyFromUrl(location, currentKey())
if (clean !== null) {
  history.replaceState(history.state, '', location.origin + clean)
  tell('in-address')
}
