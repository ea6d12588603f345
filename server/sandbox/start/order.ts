import * as v from 'valibot'
import { isModelId, MODELS, type ModelId } from '../../../core/api/models.ts'
import { err, ok, type Result } from '../../../core/lib/result.ts'
import type { Format } from '../store/tasks.ts'
import type { Form, UploadedFile } from './form.ts'
import { badRequest, type Refusal } from './refusal.ts'

/** Maximum images of one task, when given by URL. */
const MAX_URLS = 20

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
  v.maxLength(1, 'appears more than once'),
  v.transform(([value = '']) => value),
)

const settings = v.object(
  {
    model: v.pipe(once, v.check(isModelId, `must be one of: ${Object.keys(MODELS).join(', ')}`)),
    scale: v.pipe(
      once,
      v.regex(/^[1-8]$/, 'must be a whole number from 1 to 8'),
      v.transform(Number),
    ),
    saveImageAs: v.pipe(once, v.picklist(['jpg', 'png', 'webp'], 'must be jpg, png or webp')),
    enhanceFace: v.optional(
      v.pipe(
        once,
        v.picklist(['true', 'false'], 'must be true or false'),
        v.transform((text) => text === 'true'),
      ),
      ['false'],
    ),
  },
  'is missing',
)

/** Reads the order from a form. */
export function readOrder({ fields, file }: Form): Result<Order, Refusal> {
  const read = v.safeParse(settings, Object.fromEntries(fields))
  if (!read.success) {
    const faults = read.issues.map(({ path, message }) => `${path?.[0].key} ${message}`)
    return err(badRequest(`Invalid form: ${faults.join(', ')}.`))
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
    return err(badRequest('The field “file” must be a file with a name.'))
  }
  if (fields.has('files')) {
    return err(badRequest('The sandbox keeps no uploads for “files”. Send a “file”.'))
  }
  const values = [...fields].flatMap(([name, all]) => (/^urls(?:\[\d*\])?$/.test(name) ? all : []))
  const urls = values.flatMap(listed)
  if (urls.some((url) => url === null)) {
    return err(badRequest('“urls” must be a URL or a JSON array of URLs.'))
  }
  if (file !== null && urls.length > 0) {
    return err(badRequest('Send either “file” or “urls”, not both.'))
  }
  if (file !== null) return ok({ from: 'file', file })
  if (urls.length === 0) return err(badRequest('No image: send a “file” or “urls”.'))
  if (urls.length > MAX_URLS) {
    return err(badRequest(`A task takes at most ${MAX_URLS} URLs.`))
  }
  return ok({ from: 'urls', urls: urls.filter((url) => url !== null) })
}

const texts = v.array(v.string())

/** Forms have no standard for arrays: repeated fields, brackets after the name, or JSON. */
function listed(value: string): (string | null)[] {
  if (!value.trimStart().startsWith('[')) return value === '' ? [] : [value]
  try {
    const read = v.safeParse(texts, JSON.parse(value))
    return read.success ? read.output : [null]
  } catch {
    return [null]
  }
}
