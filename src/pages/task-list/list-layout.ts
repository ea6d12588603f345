import { persisted } from '../../lib/store.ts'

export type ListLayout = 'table' | 'grid'

/** How the list is shown, until the user chooses otherwise. */
export const listLayout = persisted<ListLayout>('loupe:list-layout', 'table', {
  parse: (text) => (text === 'grid' ? 'grid' : 'table'),
  format: (layout) => (layout === 'table' ? null : layout),
})
