import { type Settings, scaleFactor, type TaskFile } from '../../core/api/task.ts'
import { type ImageType, imageType, isImageExtension } from './image-type.ts'
import { fillStem, type Template, type Values } from './name-template.ts'
import {
  assemble,
  byteLength,
  cleanPart,
  cutBytes,
  extensionOf,
  lastPart,
  MAX_NAME_BYTES,
  NAMELESS,
} from './safe-name.ts'

export interface NamedTask {
  readonly id: string
  readonly settings: Settings
  readonly files: readonly TaskFile[]
}

interface Name {
  readonly stem: string
  /** Extension with its dot; '' if the type is unknown. */
  readonly ending: string
}

/** Names to save the files of these tasks under, in order, all distinct. */
export function fileNames(template: Template, ...tasks: readonly NamedTask[]): string[] {
  const names = tasks.flatMap((task) =>
    task.files.map((file, index) => nameOf(template, task, file, index)),
  )
  const wanted = names.map(({ stem, ending }) => assemble(stem, ending))
  // All wanted names are reserved first, so that a numbered name never equals one of them.
  const taken = new Set(wanted.map(sameName))
  const given = new Set<string>()
  const nextNumber = new Map<string, number>()

  return names.map(({ stem, ending }, index) => {
    const plain = wanted[index] ?? NAMELESS
    const key = sameName(plain)
    if (!given.has(key)) {
      given.add(key)
      return plain
    }
    for (let n = nextNumber.get(key) ?? 2; ; n++) {
      const numbered = assemble(stem, ` (${n})${ending}`)
      const numberedKey = sameName(numbered)
      if (taken.has(numberedKey)) continue
      taken.add(numberedKey)
      nextNumber.set(key, n + 1)
      return numbered
    }
  })
}

/** Same as `fileNames` for tasks that arrive one by one: names given earlier are numbered. */
export function taskNamer(template: Template): (task: NamedTask) => string[] {
  const given = new Set<string>()
  const nextNumber = new Map<string, number>()
  return (task) =>
    fileNames(template, task).map((name) => {
      const key = sameName(name)
      const ending = extensionOf(name)
      const stem = name.slice(0, name.length - ending.length)
      for (let n = nextNumber.get(key) ?? 1; ; n++) {
        const free = n === 1 ? name : assemble(stem, ` (${n})${ending}`)
        if (given.has(sameName(free))) continue
        given.add(sameName(free))
        nextNumber.set(key, n + 1)
        return free
      }
    })
}

/** Equal for names that are the same to some file system: ignores case and normalization. */
export const sameName = (name: string): string =>
  // Lower, upper and lower case again, since only then ẞ, ß and SS are equal.
  name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC')

function nameOf(template: Template, task: NamedTask, file: TaskFile, index: number): Name {
  const { settings, files } = task
  const type = resultType(settings, file)
  const ending = type === null ? '' : `.${type}`
  const factor = scaleFactor(settings.scale)
  const values: Values = {
    original: originalStem(file),
    model: modelName(template, settings.model, factor),
    scale: factor === null ? null : String(factor),
    ext: type,
    task: cleanOrNull(task.id),
    n: String(index + 1).padStart(String(files.length).length, '0'),
    width: file.dimensions === null ? null : String(file.dimensions.width),
    height: file.dimensions === null ? null : String(file.dimensions.height),
  }
  const stem = cleanPart(fillStem(template, shortened(template, values)))
  // Without our extension, that of `photo.jpg.exe` would become the real one.
  return { stem: type === null ? stem.replaceAll('.', '_') : stem, ending }
}

/** Most IDs of models end in a scale, which would stand there twice. */
const modelName = (template: Template, model: string | null, factor: number | null) =>
  cleanOrNull(factor !== null && template.includes('{scale}') ? withoutScale(model ?? '') : model)

export const withoutScale = (model: string): string => model.replace(/[-_ ]?\d+x$/i, '') || model

/** Shortens a name that is too long: the original is cut before what distinguishes results. */
function shortened(template: Template, values: Values): Values {
  const room = MAX_NAME_BYTES - 16 // for the extension and a number
  const over = byteLength(fillStem(template, values)) - room
  const { original } = values
  if (over <= 0 || original === null) return values
  return { ...values, original: cutBytes(original, Math.max(24, byteLength(original) - over)) }
}

/** `saveImageAs` describes the result only; the other two may still describe the original. */
const resultType = (settings: Settings, file: TaskFile): ImageType | null =>
  imageType(settings.saveImageAs) ?? imageType(file.type) ?? imageType(storedExtension(file))

const storedExtension = (file: TaskFile): string | null =>
  file.storedName === null ? null : extensionOf(file.storedName)

function originalStem(file: TaskFile): string {
  for (const name of [file.originalName, file.storedName]) {
    const stem = withoutImageExtension(cleanPart(lastPart(name ?? '')).replace(/[.\s]+$/, ''))
    if (!/^[.\-~\s]*$/.test(stem)) return stem
  }
  return NAMELESS
}

function withoutImageExtension(name: string): string {
  const extension = extensionOf(name)
  return isImageExtension(extension.slice(1)) ? name.slice(0, -extension.length) : name
}

function cleanOrNull(text: string | null): string | null {
  const clean = cleanPart(text ?? '')
  return clean === '' ? null : clean
}
