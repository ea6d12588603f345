// UPSCAYL_API_KEY=… node docs/client.mjs photo.jpg another.png: uploads images by parts, upscales them as one task,
// and downloads the results to this folder. UPSCAYL_API_URL selects another API, as http://localhost:4174, a sandbox.
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const { UPSCAYL_API_URL: api = 'https://api.upscayl.org', UPSCAYL_API_KEY: key = '' } = process.env
const wait = (process.env.CHECK_SECONDS ?? 45) * 1000 // a key has 100 checks an hour
const inJson = (data) => new Blob([JSON.stringify({ data })], { type: 'application/json' })
async function request(url, options) {
  const response = await fetch(url, options)
  if (response.ok) return response
  throw new Error(`${new URL(url).pathname}: ${response.status} ${await response.text()}`)
}
const post = async (path, body, headers = { 'X-API-Key': key }) =>
  (await (await request(`${api}/${path}`, { method: 'POST', headers, body })).json()).data
async function upload(path) {
  const [file, ext] = [await readFile(path), /png$|webp$/.exec(path.toLowerCase()) ?? 'jpeg']
  const meta = { fileSize: file.length, fileType: `image/${ext}`, originalFileName: basename(path) }
  const { uploadId, partUrls, partSize, ...data } = await post('get-upload-url', inJson(meta))
  const parts = partUrls.map(async ({ partNumber: n, signedUrl }) => {
    const body = file.subarray((n - 1) * partSize, n * partSize)
    const { headers } = await request(signedUrl, { method: 'PUT', body })
    return { PartNumber: n, ETag: headers.get('etag') }
  })
  const sent = { uploadId, key: data.path, parts: await Promise.all(parts) }
  return post('complete-multipart-upload', inJson(sent)).then(() => data)
}
const settings = { model: 'upscayl-standard-4x', scale: 2, saveImageAs: 'png', enhanceFace: false }
const form = await new Response(new URLSearchParams(settings)).formData()
form.set('files', JSON.stringify(await Promise.all(process.argv.slice(2).map(upload))))
const { taskId } = await post('start-task', form)
let task = {}
while (!/^(processed|completed|.*failed)$/i.test(task.status))
  task = await sleep(wait).then(() => post('get-task-status', inJson({ taskId })))
if (task.error) process.stderr.write(`${task.error}\n`)
for (const { downloadLink, processedFileName } of task.files.filter((file) => file.downloadLink)) {
  await writeFile(processedFileName, (await request(downloadLink)).body)
  process.stdout.write(`${processedFileName}\n`)
}
