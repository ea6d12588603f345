import { Search, X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { Button } from '../../components/button.tsx'
import { formatNumber } from '../../lib/format.ts'
import { modelName } from '../../upscayl/models.ts'
import type { Group } from '../../watchlist/row.ts'
import { DEFAULT_VIEW, type Sort, SPANS, type Span, type View } from '../../watchlist/view.ts'
import { COLUMNS } from './columns.ts'

interface ToolbarProps {
  readonly view: View
  readonly onView: (change: Partial<View>) => void
  /** How many tasks are in each group and of each model, in all. */
  readonly groups: ReadonlyMap<Group, number>
  readonly models: ReadonlyMap<string, number>
  readonly shown: number
  readonly total: number
  /** What else can be done with the list. */
  readonly children: ReactNode
}

export const GROUP_LABELS = {
  new: 'Not asked yet',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  refused: 'Refused',
} as const satisfies Record<Group, string>

const WITHIN_LABELS = {
  '1h': 'Within an hour',
  '24h': 'Within a day',
  '7d': 'Within a week',
} as const

/** What of the list is shown, and in which order. All of it is in the address. */
export function Toolbar(props: ToolbarProps) {
  const { view, onView, groups, models, shown, total, children } = props
  const filtered = view.groups.length + view.models.length > 0 || view.within || view.search !== ''
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField value={view.search} onChange={(search) => onView({ search })} />
      <Choice
        label="Status"
        all="Any status"
        value={view.groups.join()}
        options={(Object.keys(GROUP_LABELS) as Group[]).map((group) => ({
          value: group,
          label: `${GROUP_LABELS[group]} (${formatNumber(groups.get(group) ?? 0)})`,
        }))}
        onChange={(group) => onView({ groups: group === '' ? [] : [group as Group] })}
      />
      <Choice
        label="Model"
        all="Any model"
        value={view.models.join()}
        options={[...models].map(([model, n]) => ({
          value: model,
          label: `${modelName(model)} (${formatNumber(n)})`,
        }))}
        onChange={(model) => onView({ models: model === '' ? [] : [model] })}
      />
      <Choice
        label="Expires"
        all="Any expiry"
        value={view.within ?? ''}
        options={(Object.keys(SPANS) as Span[]).map((value) => ({
          value,
          label: WITHIN_LABELS[value],
        }))}
        onChange={(within) => onView({ within: within === '' ? null : (within as Span) })}
      />
      <SortChoice view={view} onView={onView} />
      {filtered ? (
        <Button
          look="quiet"
          icon={<X aria-hidden size={15} />}
          onClick={() => onView({ ...DEFAULT_VIEW, sort: view.sort, descending: view.descending })}
        >
          Clear filters
        </Button>
      ) : null}
      <p role="status" className="text-sm text-muted">
        {filtered ? `${formatNumber(shown)} of ${formatNumber(total)}` : ''}
      </p>
      <div className="ml-auto flex flex-wrap items-center gap-1 max-sm:ml-0">{children}</div>
    </div>
  )
}

interface SearchFieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
}

function SearchField({ value, onChange }: SearchFieldProps) {
  return (
    <label className="relative min-w-48 flex-1 max-sm:basis-full sm:max-w-72">
      <span className="sr-only">Search the list</span>
      <Search
        aria-hidden
        size={15}
        className="absolute top-1/2 left-3 -translate-y-1/2 text-muted"
      />
      <input
        type="search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="Name, id, model, status"
        className="min-h-9 w-full rounded-lg border border-line-strong bg-surface pr-2 pl-9"
      />
    </label>
  )
}

interface ChoiceProps {
  readonly label: string
  /** What the choice of nothing is called. */
  readonly all: string | null
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  const id = useId()
  // Several of them can come from an address.
  const several = value.includes(',')
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`min-h-9 min-w-0 rounded-lg max-sm:basis-[calc(50%-0.25rem)] sm:max-w-44 border bg-surface px-2 text-sm ${value === '' || all === null ? 'border-line text-muted' : 'border-accent text-ink'}`}
      >
        {all === null ? null : <option value="">{all}</option>}
        {several ? <option value={value}>Several</option> : null}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </>
  )
}

/** Cards have no heads of columns to sort by. */
function SortChoice({ view, onView }: Pick<ToolbarProps, 'view' | 'onView'>) {
  const sorts: readonly { value: Sort; label: string }[] = [
    { value: 'added', label: 'Added' },
    ...COLUMNS.map(({ sort, label }) => ({ value: sort, label })),
  ]
  return (
    <Choice
      label="Sort"
      all={null}
      value={`${view.sort} ${view.descending ? 'down' : 'up'}`}
      options={sorts.flatMap(({ value, label }) => [
        { value: `${value} down`, label: `${label} ↓` },
        { value: `${value} up`, label: `${label} ↑` },
      ])}
      onChange={(choice) => {
        const [sort, direction] = choice.split(' ')
        onView({ sort: sort as Sort, descending: direction === 'down' })
      }}
    />
  )
}
