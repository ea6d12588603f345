import { type Settings, scaleFactor } from '../../core/api/task.ts'
import { withoutScale } from './file-name.ts'
import { assemble, cleanPart } from './safe-name.ts'

/** Name of the zip of a task: "IMG_4471.jpg + 5 more (nature-boost 4x).zip". */
export function zipName(title: string, { model, scale }: Settings): string {
  const factor = scaleFactor(scale)
  const made = [
    model && (factor === null ? model : withoutScale(model)),
    factor === null ? null : `${factor}x`,
  ]
    .filter(Boolean)
    .join(' ')
  return assemble(cleanPart(made === '' ? title : `${title} (${made})`), '.zip')
}
