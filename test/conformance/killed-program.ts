import { readConfig } from '../../server/config.ts'
import { startServer } from '../../server/create-server.ts'
import { withVariable } from '../../server/node/http-server.ts'

/* The Node server, in a process that tests kill. Only for tests. */

const config = readConfig(process.env)
if (!config.ok) throw new Error(config.error.join(' '))
const started = await startServer(config.value, { commandWith: withVariable('npm test') })
if (!started.ok) throw new Error(started.error)
process.send?.(started.value.url)
