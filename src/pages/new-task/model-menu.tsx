import { ChevronDown } from 'lucide-react'
import { isModelId, MODELS, type ModelId } from '../../../core/api/models.ts'
import { Menu, MenuChoice } from '../../ui/menu.tsx'

const MODEL_IDS = Object.keys(MODELS).filter(isModelId)

interface ModelMenuProps {
  readonly model: ModelId
  readonly onModel: (model: ModelId) => void
}

/** The models, each with an image of the kind that it suits. */
export const ModelMenu = ({ model, onModel }: ModelMenuProps) => (
  <Menu
    label="Model"
    align="start"
    opensAt="checked"
    trigger={(props) => (
      <button
        {...props}
        type="button"
        aria-label={`Model: ${MODELS[model].name}`}
        className="flex w-full items-center gap-3 rounded-lg border border-line-strong bg-surface p-2 pr-3 text-left hover:bg-sunken"
      >
        <ModelText model={model} />
        <ChevronDown size={16} className="shrink-0 text-muted" />
      </button>
    )}
  >
    {MODEL_IDS.map((one) => (
      <MenuChoice key={one} checked={one === model} onSelect={() => onModel(one)}>
        <span className="flex max-w-80 items-center gap-3">
          <ModelText model={one} />
        </span>
      </MenuChoice>
    ))}
  </Menu>
)

const ModelText = ({ model }: { readonly model: ModelId }) => (
  <>
    <Sample model={model} />
    <span className="min-w-0 flex-1">
      <span className="block font-medium">{MODELS[model].name}</span>
      <span className="block text-xs text-pretty text-muted">{MODELS[model].suits}</span>
    </span>
  </>
)

/** All samples are in one image, side by side. */
const Sample = ({ model }: { readonly model: ModelId }) => (
  <img
    src="/pictures/models.webp"
    alt=""
    className="size-12 shrink-0 rounded-md object-cover"
    style={{ objectPosition: `${(MODEL_IDS.indexOf(model) / (MODEL_IDS.length - 1)) * 100}% 0` }}
  />
)
