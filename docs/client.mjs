// Uploads images by parts, upscales them as one task, and downloads the results to this folder:
//   UPSCAYL_API_KEY=… node docs/client.mjs photo.jpg another.png
// UPSCAYL_API_URL selects the API: by default the real one, or a sandbox such as http://localhost:4174.
import { readFile, writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const { UPSCAYL_API_URL: api = 'https://api.upscayl.org', UPSCAYL_API_KEY: key = '' } = process.env
const TYPES = { '.png': 'image/png', '.webp': 'image/webp' }
const inJson = (data) => JSON.stringify({ data })

async function send(path, body) {
  const type = body instanceof FormData ? {} : { 'Content-Type': 'application/json' }
  const headers = { 'X-API-Key': key, ...type }
  const response = await fetch(`${api}/${path}`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()).data
}

async function upload(path) {
  const [file, fileType] = [await readFile(path), TYPES[extname(path)] ?? 'image/jpeg']
  const about = { fileSize: file.length, fileType, originalFileName: basename(path) }
  const { uploadId, partUrls, partSize, ...data } = await send('get-upload-url', inJson(about))
  const parts = []
  for (const { partNumber, signedUrl } of partUrls) {
    const body = file.subarray((partNumber - 1) * partSize, partNumber * partSize)
    const response = await fetch(signedUrl, { method: 'PUT', body })
    if (!response.ok) throw new Error(`Part ${partNumber}: ${await response.text()}`)
    parts.push({ PartNumber: partNumber, ETag: response.headers.get('etag') })
  }
  await send('complete-multipart-upload', inJson({ uploadId, key: data.path, parts }))
  return data
}

const form = new FormData()
const settings = { model: 'upscayl-standard-4x', scale: 2, saveImageAs: 'png', enhanceFace: false }
for (const [name, value] of Object.entries(settings)) form.set(name, String(value))
form.set('files', JSON.stringify(await Promise.all(process.argv.slice(2).map(upload))))
const { taskId } = await send('start-task', form)
let task = { status: '' }
while (!/^(processed|completed|.*failed)$/i.test(task.status)) {
  await sleep(Number(process.env.CHECK_SECONDS ?? 45) * 1000) // a key has 100 checks an hour
  task = await send('get-task-status', inJson({ taskId }))
}
if (task.error) process.stderr.write(`${task.error}\n`)
for (const { downloadLink, processedFileName } of task.files.filter((file) => file.downloadLink)) {
  await writeFile(processedFileName, Buffer.from(await (await fetch(downloadLink)).arrayBuffer()))
  process.stdout.write(`${processedFileName}\n`)
}
