import { readConfig } from '../config.ts'
import { startServer } from '../start.ts'

/* The Node server, in a process that tests kill. For tests: no part of the program. */

const config = readConfig(process.env)
if (!config.ok) throw new Error(config.error.join(' '))
const started = await startServer(config.value, { command: 'npm test' })
if (!started.ok) throw new Error(started.error)
process.send?.(started.value.url)
