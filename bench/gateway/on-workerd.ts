/** tsx bench/gateway/on-workerd.ts <upstream>: the Worker as deployed, on workerd, in real time. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { asDeployed, bundled } from '../../test/conformance/on-workerd.ts'

const folder = await mkdtemp(join(tmpdir(), 'loupe-bench-'))
const { code } = await bundled('server/worker.ts')
const deployed = await asDeployed(code, {
  upstreamUrl: process.argv[2] ?? '',
  shareSecret: null,
  site: 'dist',
  folder,
})
const worker = new Miniflare({
  ...deployed,
  // All viewers come from this machine; only on Node is the loopback address exempt from the
  // limit.
  bindings: { ...deployed.bindings, LOUPE_REQUESTS_PER_MINUTE: 'none' },
})
process.once('SIGTERM', async () => {
  await worker.dispose()
  await rm(folder, { recursive: true, force: true })
  process.exit()
})
process.send?.((await worker.ready).origin)
