import * as v from 'valibot'
import { isModelId, MODELS, type ModelId } from '../../../core/api/models.ts'
import { parseJson } from '../../../core/lib/parse-json.ts'
import { err, ok, type Result } from '../../../core/lib/result.ts'
import type { Format } from '../store/tasks.ts'
import type { Form, UploadedFile } from './form.ts'
import { badRequest, type Refusal } from './refusal.ts'

/** Maximum images of one task. */
const MAX_IMAGES = 50

export type InputImages =
  | { readonly from: 'file'; readonly file: UploadedFile }
  /** Paths of files that were uploaded by parts. */
  | { readonly from: 'uploads'; readonly paths: readonly string[] }
  | { readonly from: 'urls'; readonly urls: readonly string[] }

export interface CreateTaskInput {
  readonly images: InputImages
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

/** Reads the images and settings of a task from a form. */
export function readCreateTaskInput({ fields, file }: Form): Result<CreateTaskInput, Refusal> {
  const read = v.safeParse(settings, Object.fromEntries(fields))
  if (!read.success) {
    const faults = read.issues.map(({ path, message }) => `${path?.[0].key} ${message}`)
    return err(badRequest(`Invalid form: ${faults.join(', ')}.`))
  }
  const { model, ...rest } = read.output
  const images = readImages(fields, file)
  if (!images.ok) return images
  return ok({ ...rest, model: model as ModelId, images: images.value })
}

function readImages(
  fields: Form['fields'],
  file: UploadedFile | null,
): Result<InputImages, Refusal> {
  if (fields.has('file')) {
    return err(badRequest('The field “file” must be a file with a name.'))
  }
  const urls = listIn(fields, 'urls', v.string())
  const uploads = listIn(fields, 'files', fileData)
  if (urls === null) return err(badRequest('“urls” must be a URL or a JSON array of URLs.'))
  if (uploads === null) {
    return err(badRequest('“files” must be the data of uploads as JSON, each with its “path”.'))
  }
  const kinds = Number(file !== null) + Number(urls.length > 0) + Number(uploads.length > 0)
  if (kinds === 0) return err(badRequest('No image: send a “file”, “files” or “urls”.'))
  if (kinds > 1) return err(badRequest('Send only one of “file”, “files” and “urls”.'))
  if (file !== null) return ok({ from: 'file', file })
  if (urls.length + uploads.length > MAX_IMAGES) {
    return err(badRequest(`A task has at most ${MAX_IMAGES} images.`))
  }
  return ok(
    urls.length > 0
      ? { from: 'urls', urls }
      : { from: 'uploads', paths: uploads.map(({ path }) => path) },
  )
}

/** As returned by `get-upload-url`. The path identifies the file; the rest is the client's word. */
const fileData = v.object({ path: v.pipe(v.string(), v.nonEmpty()) })

/**
 * The values of an array field; null if one is invalid. Forms have no standard for arrays: repeated
 * fields, brackets after the name, or JSON.
 */
function listIn<T>(
  fields: Form['fields'],
  name: 'urls' | 'files',
  schema: v.GenericSchema<unknown, T>,
): readonly T[] | null {
  const values = [...fields].flatMap(([key, all]) =>
    key.replace(/\[\d*\]$/, '') === name ? all : [],
  )
  const read = v.safeParse(v.array(schema), values.filter((value) => value !== '').flatMap(parsed))
  return read.success ? read.output : null
}

/** The items of a JSON array, one JSON object, or any other text as it is. */
function parsed(value: string): readonly unknown[] {
  if (!/^\s*[[{]/.test(value)) return [value]
  const json = parseJson(value)
  return Array.isArray(json) ? json : [json]
}
