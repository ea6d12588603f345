import { ArrowDownUp, ChevronDown, LayoutGrid, Rows3, Search, Tag } from 'lucide-react'
import { modelName } from '../../../core/api/models.ts'
import { isDescendingFirst, type ListQuery, type Sort } from '../../tasks/list-query.ts'
import { Button, type Icon, IconButton } from '../../ui/button.tsx'
import { Menu, MenuChoice } from '../../ui/menu.tsx'
import { COLUMNS } from './columns.ts'
import type { ListLayout } from './list-layout.ts'

interface ToolbarProps {
  readonly view: ListQuery
  readonly onView: (change: Partial<ListQuery>) => void
  /** Number of tasks per model, by its ID as received. */
  readonly models: ReadonlyMap<string, number>
  /** The same per label. */
  readonly labels: ReadonlyMap<string, number>
  readonly layout: ListLayout
  readonly onLayout: (layout: ListLayout) => void
}

/** Search, model, order and layout of the list. */
export function Toolbar({ view, onView, models, labels, layout, onLayout }: ToolbarProps) {
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
        <FilterMenu
          label="Model"
          counts={models}
          chosen={view.models}
          nameOf={modelName}
          onChoose={(chosen) => onView({ models: chosen })}
        />
      )}
      {labels.size === 0 && view.labels.length === 0 ? null : (
        <FilterMenu
          label="Label"
          icon={Tag}
          counts={labels}
          chosen={view.labels}
          onChoose={(chosen) => onView({ labels: chosen })}
        />
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

interface FilterMenuProps {
  readonly label: 'Model' | 'Label'
  /** Shown alone where there is little room. */
  readonly icon?: Icon
  /** Every option with the number of its tasks. */
  readonly counts: ReadonlyMap<string, number>
  /** None means all. */
  readonly chosen: readonly string[]
  readonly nameOf?: (option: string) => string
  readonly onChoose: (chosen: readonly string[]) => void
}

/** A filter with many options, of which usually one is chosen. */
function FilterMenu(props: FilterMenuProps) {
  const { label, icon, counts, chosen, nameOf = String, onChoose } = props
  const [first, ...others] = chosen
  const name = label.toLowerCase()
  const value = first === undefined ? label : others.length > 0 ? `Several ${name}s` : nameOf(first)
  // Of a link, or of tasks that were removed since.
  const options = new Map([...chosen.map((one) => [one, 0] as const), ...counts])
  return (
    <Menu
      label={label}
      trigger={(trigger) => (
        <Button
          {...trigger}
          icon={icon}
          aria-label={first === undefined ? label : `${label}: ${value}`}
          className={`max-w-44 shrink-0 ${first === undefined ? 'text-muted' : 'border-accent! text-accent'}`}
        >
          <span className={`truncate ${icon === undefined ? '' : 'max-sm:hidden'}`}>{value}</span>
          <ChevronDown size={14} className="shrink-0" />
        </Button>
      )}
    >
      <MenuChoice checked={first === undefined} onSelect={() => onChoose([])}>
        Any {name}
      </MenuChoice>
      {[...options].map(([option, count]) => (
        <MenuChoice
          key={option}
          checked={chosen.includes(option)}
          hint={count}
          onSelect={() => onChoose([option])}
        >
          <bdi className="block max-w-64 truncate" title={nameOf(option)}>
            {nameOf(option)}
          </bdi>
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
