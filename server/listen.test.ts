import { once } from 'node:events'
import { request, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createHttpServer, listen } from './listen.ts'

async function start(server: Server = createHttpServer()) {
  const listening = await listen(server, { host: '127.0.0.1', port: 0 }, 'npm start')
  if (!listening.ok) throw new Error(listening.error)
  onTestFinished(() => listening.value.close(0))
  const { url } = listening.value
  return { server, url, socket: () => connect(Number(new URL(url).port), '127.0.0.1') }
}

/** All that comes back, up to the end of the connection. */
async function answerTo(socket: Socket, ...sent: string[]): Promise<string> {
  for (const part of sent) socket.write(part)
  return text(socket)
}

const refusal = (status: string, sentence: string) =>
  new RegExp(`^HTTP/1\\.1 ${status}\r\n[^]*\r\nConnection: close\r\n\r\n${sentence}\n$`)

test('an address of ten thousand letters that are no ASCII arrives', async () => {
  const { server, url } = await start()
  server.on('request', (incoming, response) => response.end(String(incoming.url?.length)))
  const path = `/tasks/${encodeURIComponent('я'.repeat(10_000))}`
  const length = await new Promise((resolve, reject) => {
    request(url + path, (response) => resolve(text(response)))
      .on('error', reject)
      .end()
  })
  expect(length).toBe('60007')
})

test('one of a megabyte is refused in a sentence, and the connection ends', async () => {
  const { socket } = await start()
  const answer = await answerTo(socket(), `GET /${'a'.repeat(1_000_000)}`)
  expect(answer).toMatch(refusal('431 Request Header Fields Too Large', '.* at most 128 KiB\\.'))
})

test('what is no HTTP is refused in a sentence', async () => {
  const { socket } = await start()
  const answer = await answerTo(socket(), 'EHLO mail.test\r\n\r\n')
  expect(answer).toMatch(refusal('400 Bad Request', 'This is not an HTTP request\\.'))
})

test('so is a request that does not arrive in time', async () => {
  const { server, socket } = await start()
  const accepted = once(server, 'connection')
  const client = socket()
  const error = Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  server.emit('clientError', error, (await accepted)[0])
  expect(await text(client)).toMatch(refusal('408 Request Timeout', '.* in time\\.'))
})

test('a request has half a minute for its body, and a form as long as it goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { server, socket } = await start()
  const answers = ['application/json', 'multipart/form-data; boundary=b'].map(async (type) => {
    const client = socket()
    const asked = once(server, 'request')
    client.write(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 9\r\n\r\nhalf`,
    )
    await asked
    return client
  })
  const [question, form] = await Promise.all(answers)
  if (question === undefined || form === undefined) throw new Error('no clients')
  let heard = ''
  form.on('data', (more) => {
    heard += more
  })
  vi.advanceTimersByTime(29_999)
  expect(question.readableEnded).toBe(false)
  vi.advanceTimersByTime(1)
  expect(await text(question)).toMatch(refusal('408 Request Timeout', '.* in time\\.'))
  expect(heard).toBe('')
  form.destroy()
})

test('an answer that is under way is not mixed with a refusal', async () => {
  const { server, socket } = await start()
  server.on('request', (_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('half')
  })
  const client = socket()
  client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  const [half] = await once(client, 'data')
  expect(String(half)).toMatch(/^HTTP\/1\.1 200 OK/)
  client.on('error', () => undefined)
  const ended = once(client, 'close')
  let rest = ''
  client.on('data', (more) => {
    rest += more
  })
  client.write('no length\r\n')
  await ended
  expect(half + rest).not.toContain('400')
})
