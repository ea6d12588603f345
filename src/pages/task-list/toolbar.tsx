import { ArrowDownUp, ChevronDown, LayoutGrid, Rows3, Search } from 'lucide-react'
import { modelName } from '../../../core/api/models.ts'
import { isDescendingFirst, type ListQuery, type Sort } from '../../tasks/list-query.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuChoice } from '../../ui/menu.tsx'
import { COLUMNS } from './columns.ts'
import type { ListLayout } from './list-layout.ts'

interface ToolbarProps {
  readonly view: ListQuery
  readonly onView: (change: Partial<ListQuery>) => void
  /** Number of tasks per model, by its ID as received. */
  readonly models: ReadonlyMap<string, number>
  readonly layout: ListLayout
  readonly onLayout: (layout: ListLayout) => void
}

/** Search, model, order and layout of the list. */
export function Toolbar({ view, onView, models, layout, onLayout }: ToolbarProps) {
  const isGrid = layout === 'grid'
  return (
    <div className="flex min-w-0 flex-1 items-center justify-end gap-1.5">
      <label className="relative min-w-0 flex-1 sm:max-w-60">
        <span className="sr-only">Search the list</span>
        <Search size={15} className="absolute top-1/2 left-3 -translate-y-1/2 text-muted" />
        <input
          type="search"
          data-search
          value={view.search}
          onChange={(event) => onView({ search: event.target.value })}
          placeholder="Search"
          className="min-h-9 w-full rounded-lg border border-line bg-surface pr-2 pl-9 text-sm"
        />
      </label>
      {models.size < 2 && view.models.length === 0 ? null : (
        <ModelMenu view={view} onView={onView} models={models} />
      )}
      <div className={isGrid ? 'contents' : 'contents @table:hidden'}>
        <SortMenu view={view} onView={onView} />
      </div>
      <IconButton
        icon={isGrid ? Rows3 : LayoutGrid}
        label={isGrid ? 'Show as a table' : 'Show as images'}
        onClick={() => onLayout(isGrid ? 'table' : 'grid')}
        className="border border-line bg-surface"
      />
    </div>
  )
}

function ModelMenu({ view, onView, models }: Pick<ToolbarProps, 'view' | 'onView' | 'models'>) {
  const [first, ...others] = view.models
  const value =
    first === undefined ? 'Model' : others.length > 0 ? 'Several models' : modelName(first)
  return (
    <Menu
      label="Model"
      trigger={(props) => (
        <Button
          {...props}
          aria-label={first === undefined ? 'Model' : `Model: ${value}`}
          className={`max-w-44 ${first === undefined ? 'text-muted' : 'border-accent! text-accent'}`}
        >
          <span className="truncate">{value}</span>
          <ChevronDown size={14} className="shrink-0" />
        </Button>
      )}
    >
      <MenuChoice checked={first === undefined} onSelect={() => onView({ models: [] })}>
        Any model
      </MenuChoice>
      {[...models].map(([model, count]) => (
        <MenuChoice
          key={model}
          checked={view.models.includes(model)}
          hint={count}
          onSelect={() => onView({ models: [model] })}
        >
          {modelName(model)}
        </MenuChoice>
      ))}
    </Menu>
  )
}

const SORTS: readonly { readonly sort: Sort; readonly label: string }[] = [
  { sort: 'added', label: 'Added' },
  ...COLUMNS,
]

/** Images and cards have no column heads to sort by. */
function SortMenu({ view, onView }: Pick<ToolbarProps, 'view' | 'onView'>) {
  return (
    <Menu
      label="Sort"
      trigger={(props) => (
        <IconButton
          {...props}
          icon={ArrowDownUp}
          label="Sort"
          className="border border-line bg-surface"
        />
      )}
    >
      {SORTS.map(({ sort, label }) => {
        const sorted = view.sort === sort
        const descending = sorted ? !view.descending : isDescendingFirst(sort)
        return (
          <MenuChoice
            key={sort}
            checked={sorted}
            hint={sorted ? (view.descending ? '↓' : '↑') : undefined}
            onSelect={() => onView({ sort, descending })}
          >
            {label}
          </MenuChoice>
        )
      })}
    </Menu>
  )
}
