import { useEffect, useId, useRef, useState } from 'react'
import { Link } from '../ui/link.tsx'
import { addressOf, type View } from './address.ts'
import { GROUPS, type Group, STATE_NAMES } from './states/states.ts'

interface StateListProps {
  readonly current: string
  readonly view: View
  readonly onPick: (name: string) => void
}

/** All states by group; a picker on narrow screens. */
export function StateList({ current, view, onPick }: StateListProps) {
  const [sought, setSought] = useState('')
  const field = useId()
  const found = GROUPS.map((group) => matching(group, sought)).filter(
    ({ states }) => Object.keys(states).length > 0,
  )
  return (
    <>
      <div className="lg:hidden">
        <label htmlFor={`${field}-pick`} className="text-sm font-medium">
          State
        </label>
        <select
          id={`${field}-pick`}
          value={current}
          onChange={(event) => onPick(event.target.value)}
          className="mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3"
        >
          {GROUPS.map(({ title, states }) => (
            <optgroup key={title} label={title}>
              {Object.keys(states).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      <nav aria-label="States" className="flex min-h-0 flex-col max-lg:hidden">
        <label htmlFor={field} className="sr-only">
          Find a state
        </label>
        <input
          id={field}
          type="search"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          placeholder={`Find one of ${STATE_NAMES.length} states`}
          className="min-h-9 rounded-lg border border-line-strong bg-surface px-3 text-sm"
        />
        <div className="mt-3 min-h-0 flex-1 overflow-y-auto pr-2">
          {found.length === 0 ? <p className="px-2 text-sm text-muted">No states match.</p> : null}
          {found.map(({ title, states }) => (
            <section key={title} aria-label={title} className="mb-4">
              <h2 className="px-2 text-xs font-medium text-muted">{title}</h2>
              <ul className="mt-1">
                {Object.entries(states).map(([name, { description }]) => (
                  <Entry
                    key={name}
                    name={name}
                    description={description}
                    to={addressOf(name, view)}
                    current={name === current}
                  />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </nav>
    </>
  )
}

interface EntryProps {
  readonly name: string
  readonly description: string
  readonly to: string
  readonly current: boolean
}

function Entry({ name, description, to, current }: EntryProps) {
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <li>
      <Link
        ref={link}
        to={to}
        title={description}
        aria-current={current ? 'page' : undefined}
        className="block truncate rounded-md px-2 py-1 font-mono text-sm text-muted -outline-offset-2 hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent"
      >
        {name}
      </Link>
    </li>
  )
}

function matching({ title, states }: Group, sought: string): Group {
  const words = sought.trim().toLowerCase().split(/\s+/)
  const fits = ([name, { description }]: [string, { description: string }]) =>
    words.every((word) => `${title} ${name} ${description}`.toLowerCase().includes(word))
  return { title, states: Object.fromEntries(Object.entries(states).filter(fits)) }
}
