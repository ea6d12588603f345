import { PICTURES } from '../../../src/upscayl/samples.ts'
import type { Paths } from '../data-dir.ts'
import { downloadName } from '../download-name.ts'
import type { Links } from '../links.ts'
import { paintSample } from '../painter/sample.ts'
import type { Tasks } from '../store/tasks.ts'

export interface OwnPicture {
  readonly path: string
  readonly name: string
}

interface OwnPictures {
  readonly tasks: Tasks
  readonly links: Links
  readonly paths: Paths
}

/**
 * The sandbox's own picture at an address; null for any other. It fetches nothing: an address of
 * somebody else would have this machine knock at doors that only it can reach.
 */
export async function ownPicture(
  { tasks, links, paths }: OwnPictures,
  address: string,
  origin: string,
): Promise<OwnPicture | null> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.origin !== origin) return null
  const [, folder, name = '', variant = '', ...more] = url.pathname.split('/')
  if (more.length > 0) return null
  if (folder === 'samples') {
    const picture = PICTURES.find((known) => name === `${known}.webp`)
    if (picture === undefined || variant !== '') return null
    const path = paths.sample(picture)
    await paintSample(picture, path)
    return { path, name }
  }
  if (folder !== 'files') return null
  const expires = url.searchParams.get('expires') ?? ''
  const signature = url.searchParams.get('signature') ?? ''
  if (links.fault({ fileId: name, variant, expires, signature }) !== null) return null
  const file = tasks.file(name)
  const task = file && tasks.byId(file.taskId)
  if (file === undefined || task === undefined) return null
  return variant === 'thumbnail'
    ? { path: paths.thumbnail(name), name: downloadName(file.originalName, 'webp') }
    : {
        path: paths.result(name, task.saveImageAs),
        name: downloadName(file.originalName, task.saveImageAs),
      }
}
