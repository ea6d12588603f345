import * as v from 'valibot'
import { err, ok, type Result } from '../../../src/lib/result.ts'
import { isModelId, MODELS, type ModelId } from '../../../src/upscayl/models.ts'
import type { Format } from '../store/tasks.ts'
import type { Form, UploadedFile } from './form.ts'
import { MOST_URLS } from './limits.ts'
import { badRequest, type Refusal } from './refusal.ts'

export type Pictures =
  | { readonly from: 'file'; readonly file: UploadedFile }
  | { readonly from: 'urls'; readonly urls: readonly string[] }

export interface Order {
  readonly pictures: Pictures
  readonly model: ModelId
  readonly scale: number
  readonly saveImageAs: Format
  readonly enhanceFace: boolean
}

const once = v.pipe(
  v.array(v.string()),
  v.maxLength(1, 'is there more than once'),
  v.transform(([value = '']) => value),
)

const settings = v.object(
  {
    model: v.pipe(once, v.check(isModelId, `has to be one of: ${Object.keys(MODELS).join(', ')}`)),
    scale: v.pipe(
      once,
      v.regex(/^[1-8]$/, 'has to be a whole number from 1 to 8'),
      v.transform(Number),
    ),
    saveImageAs: v.pipe(once, v.picklist(['jpg', 'png', 'webp'], 'has to be jpg, png or webp')),
    enhanceFace: v.optional(
      v.pipe(
        once,
        v.picklist(['true', 'false'], 'has to be true or false'),
        v.transform((text) => text === 'true'),
      ),
      ['false'],
    ),
  },
  'is missing',
)

/** What a form orders. */
export function readOrder({ fields, file }: Form): Result<Order, Refusal> {
  const read = v.safeParse(settings, Object.fromEntries(fields))
  if (!read.success) {
    const faults = read.issues.map(({ path, message }) => `${path?.[0].key} ${message}`)
    return err(badRequest(`Of the form, ${faults.join('; ')}.`))
  }
  const { model, ...rest } = read.output
  const pictures = readPictures(fields, file)
  if (!pictures.ok) return pictures
  return ok({ ...rest, model: model as ModelId, pictures: pictures.value })
}

function readPictures(
  fields: Form['fields'],
  file: UploadedFile | null,
): Result<Pictures, Refusal> {
  if (fields.has('file')) {
    return err(badRequest('The field “file” has to be a file, with a name.'))
  }
  if (fields.has('files')) {
    return err(badRequest('The sandbox keeps no uploads, so “files” can name none. Send a “file”.'))
  }
  const values = [...fields].flatMap(([name, all]) => (/^urls(?:\[\d*\])?$/.test(name) ? all : []))
  const urls = values.flatMap(listed)
  if (urls.some((url) => url === null)) {
    return err(badRequest('In “urls” has to be an address, or a JSON array of addresses.'))
  }
  if (file !== null && urls.length > 0) {
    return err(badRequest('There is a “file” and “urls”, of which only one can be the picture.'))
  }
  if (file !== null) return ok({ from: 'file', file })
  if (urls.length === 0) return err(badRequest('There is no picture: neither a “file” nor “urls”.'))
  if (urls.length > MOST_URLS) {
    return err(badRequest(`A task takes at most ${MOST_URLS} addresses.`))
  }
  return ok({ from: 'urls', urls: urls.filter((url) => url !== null) })
}

const texts = v.array(v.string())

/** Nobody says how a form holds an array: repeated, with brackets behind its name, or as JSON. */
function listed(value: string): (string | null)[] {
  if (!value.trimStart().startsWith('[')) return value === '' ? [] : [value]
  try {
    const read = v.safeParse(texts, JSON.parse(value))
    return read.success ? read.output : [null]
  } catch {
    return [null]
  }
}
