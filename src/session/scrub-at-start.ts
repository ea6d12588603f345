import { scrubAddress } from './scrub-address.ts'
import { currentKey, tell } from './session.ts'

// For main.tsx, before all else: no later code sees a key that stood in the address.
const clean = scrubAddress(location, currentKey())
if (clean !== null) {
  history.replaceState(history.state, '', location.origin + clean)
  tell('in-address')
}
