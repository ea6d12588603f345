import type { SiteFiles } from '../site.ts'
import type { Fetcher } from './runtime.ts'

/** The built files among the Worker's assets. Cloudflare compresses them on their way. */
export function assetFiles(assets: Fetcher): SiteFiles {
  const fileAt = async (request: Request): Promise<Response | null> => {
    const answer = await assets.fetch(request)
    // A copy, because the headers of an answer that was fetched cannot be changed.
    if (answer.ok || answer.status === 304) return new Response(answer.body, answer)
    await answer.body?.cancel()
    return null
  }
  return {
    file: (c) => fileAt(c.req.raw),
    index: (c) => fileAt(new Request(new URL('/index.html', c.req.url), c.req.raw)),
  }
}
