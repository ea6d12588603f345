import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { LONGEST_RECORDING, TOO_LARGE } from '../../src/upscayl/recording.ts'
import type { Shelf } from './recordings.ts'

const badRequest = (message: string) =>
  Response.json({ error: 'BAD_REQUEST', message }, { status: 400 })

/** `POST /sandbox/recordings` takes a recording's file. No part of the API. */
export function recordingsRoute(shelf: Shelf): Hono {
  return new Hono().post(
    '/sandbox/recordings',
    bodyLimit({
      maxSize: LONGEST_RECORDING,
      onError: () => badRequest(TOO_LARGE),
    }),
    async (c) => {
      const added = shelf.add(await c.req.text())
      if (!added.ok) return badRequest(added.error)
      return c.json({ ...added.value, title: 'A recording' }, 201)
    },
  )
}
