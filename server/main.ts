#!/usr/bin/env node
import { endOnSignal } from './node/end-on-signal.ts'

/** Nothing to close until the server has started. */
let close = async (): Promise<void> => undefined
// Before anything else is loaded, which takes as long as Node's own start.
endOnSignal(() => close())

// Not awaited here: the bundled command imports from this module.
import('./command.ts').then(({ runCommand }) =>
  runCommand((closeServer) => {
    close = closeServer
  }),
)
