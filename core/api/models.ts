export interface Model {
  /** Display name; the API uses only the ID. */
  readonly name: string
  /** Description in one line of the images it suits. */
  readonly suits: string
}

/** The twelve models of the API's `Model` enumeration, in its order. */
export const MODELS = {
  'upscayl-standard-4x': {
    name: 'Upscayl Standard',
    suits: 'Most photos: balanced detail, few artefacts.',
  },
  'upscayl-lite-4x': {
    name: 'Upscayl Lite',
    suits: 'Quick results where speed matters more than the last detail.',
  },
  'clear-boost-4x': {
    name: 'Clear Boost',
    suits: 'Soft or slightly blurred images that should look crisp.',
  },
  'crystal-plus-4x': {
    name: 'Crystal Plus',
    suits: 'Products and architecture: hard edges, fine lines.',
  },
  'digital-art-4x': { name: 'Digital Art', suits: 'Drawings, anime and flat colour.' },
  'digital-art-plus-4x': {
    name: 'Digital Art Plus',
    suits: 'Detailed illustration and rendered scenes.',
  },
  'natural-max-4x': {
    name: 'Natural Max',
    suits: 'Portraits and skin, with the most detail.',
  },
  'natural-plus-4x': {
    name: 'Natural Plus',
    suits: 'Portraits and everyday photos, gently enhanced.',
  },
  'nature-boost-4x': {
    name: 'Nature Boost',
    suits: 'Landscapes, leaves, fur and water.',
  },
  'pure-boost-4x': {
    name: 'Pure Boost',
    suits: 'Clean sources that should stay true to the original.',
  },
  'quick-clear-4x': {
    name: 'Quick Clear',
    suits: 'Large batches that need a fast, clean result.',
  },
  'texture-boost-4x': {
    name: 'Texture Boost',
    suits: 'Fabric, stone, wood and other rich surfaces.',
  },
} as const satisfies Record<string, Model>

export type ModelId = keyof typeof MODELS

export const isModelId = (id: string): id is ModelId => Object.hasOwn(MODELS, id)

/** Display name of the model; an unknown model keeps its ID. */
export const modelName = (id: string): string => (isModelId(id) ? MODELS[id].name : id)
