import type { Handler, Hono } from 'hono'
import { problem } from './problem.ts'

/** Registers the handlers of a path, and answers any other method with 405 and Allow, in their order. */
export function route(
  app: Hono,
  path: string,
  handlers: Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handler>>>,
): void {
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler)
  const allow = Object.keys(handlers).join(', ').replace('GET', 'GET, HEAD')
  app.all(path, () => problem('METHOD_NOT_ALLOWED', { Allow: allow }))
}
