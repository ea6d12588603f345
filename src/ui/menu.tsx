import { Check } from 'lucide-react'
import {
  type ComponentProps,
  createContext,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  use,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { openPopover } from '../lib/browser/elements.ts'
import type { Icon } from './button.tsx'
import { Link } from './link.tsx'
import { placeBeside } from './place-beside.ts'

/** Props of a menu's button; spread it over a `Button` or an `IconButton`. */
type TriggerProps = Required<
  Pick<ComponentProps<'button'>, 'id' | 'onClick' | 'onKeyDown' | 'aria-expanded'>
> & { readonly 'aria-haspopup': 'menu' }

interface MenuProps {
  readonly trigger: (props: TriggerProps) => ReactNode
  /** Accessible name, if the button's does not fit. */
  readonly label?: string
  /** Edge of the button that the menu is aligned with. */
  readonly align?: 'start' | 'end'
  /** The item that has the focus first. */
  readonly opensAt?: 'first' | 'checked'
  /** `MenuItem`, `MenuLink`, `MenuChoice`, `MenuHeading`, `MenuLine`. */
  readonly children: ReactNode
}

const CloseMenu = createContext<() => void>(() => {})

/** A button with a menu (ARIA authoring practices: menu button). */
export function Menu(props: MenuProps) {
  const { trigger, label, align = 'end', opensAt = 'first', children } = props
  const [open, setOpen] = useState(false)
  const id = useId()
  const close = () => {
    setOpen(false)
    document.getElementById(id)?.focus({ preventScroll: true })
  }
  return (
    <CloseMenu value={close}>
      {trigger({
        id,
        onClick: () => setOpen(!open),
        onKeyDown: (event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        },
        'aria-expanded': open,
        'aria-haspopup': 'menu',
      })}
      {open ? (
        <Items
          triggerId={id}
          label={label}
          align={align}
          opensAt={opensAt}
          onLeave={() => setOpen(false)}
        >
          {children}
        </Items>
      ) : null}
    </CloseMenu>
  )
}

interface ItemsProps {
  readonly triggerId: string
  readonly label: string | undefined
  readonly align: 'start' | 'end'
  readonly opensAt: 'first' | 'checked'
  /** Closes it and leaves the focus where it is. */
  readonly onLeave: () => void
  readonly children: ReactNode
}

function Items({ triggerId, label, align, opensAt, onLeave, children }: ItemsProps) {
  const menu = useRef<HTMLDivElement>(null)
  const close = use(CloseMenu)
  useLayoutEffect(() => {
    const trigger = document.getElementById(triggerId)
    if (menu.current === null || trigger === null) return
    openPopover(menu.current)
    placeBeside(menu.current, trigger, { align })
    const items = [...menu.current.querySelectorAll<HTMLElement>(ITEMS)]
    const checked = opensAt === 'checked' ? items.find((item) => item.ariaChecked === 'true') : null
    checked?.scrollIntoView({ block: 'nearest' })
    ;(checked ?? items[0])?.focus({ preventScroll: true })
  }, [triggerId, align, opensAt])
  useLeave(menu, triggerId, onLeave)

  const press = (event: KeyboardEvent<HTMLElement>) => {
    // Rows, dialogs and shortcuts around it have keys of their own.
    event.stopPropagation()
    if (event.key === 'Tab') onLeave()
    else if (event.key === 'Escape') close()
    else if (!moveFocus(event)) return
    if (event.key !== 'Tab') event.preventDefault()
  }
  return (
    <div
      ref={menu}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      aria-labelledby={label === undefined ? triggerId : undefined}
      onKeyDown={press}
      onClick={(event) => event.stopPropagation()}
      className="fixed inset-auto z-40 m-0 max-h-[calc(100dvh-1rem)] max-w-[calc(100vw-1rem)] min-w-48 overflow-y-auto overscroll-contain rounded-xl border border-line bg-surface p-1 text-left text-ink shadow-lg outline-none"
    >
      {children}
    </div>
  )
}

const ITEMS = '[role^="menuitem"]:not([aria-disabled="true"])'
/** Closes the menu with a press elsewhere, when its button moves away, and by back and forward. */
function useLeave(menu: RefObject<HTMLElement | null>, triggerId: string, onLeave: () => void) {
  // The router renders in the middle of a popstate event, which a new listener would miss.
  const close = useEffectEvent(onLeave)
  useEffect(() => {
    const leave = ({ target }: Event) => {
      if (!(target instanceof Node) || menu.current?.contains(target)) return
      if (document.getElementById(triggerId)?.contains(target) && target !== document) return
      close()
    }
    const leaveNow = () => close()
    addEventListener('pointerdown', leave, true)
    addEventListener('scroll', leave, true)
    addEventListener('resize', leaveNow)
    addEventListener('popstate', leaveNow)
    return () => {
      removeEventListener('pointerdown', leave, true)
      removeEventListener('scroll', leave, true)
      removeEventListener('resize', leaveNow)
      removeEventListener('popstate', leaveNow)
    }
  }, [menu, triggerId])
}

/** Arrows, Home, End, and the first letter of an item. */
function moveFocus({ key, currentTarget, ctrlKey, metaKey, altKey }: KeyboardEvent<HTMLElement>) {
  if (ctrlKey || metaKey || altKey) return false
  const items = [...currentTarget.querySelectorAll<HTMLElement>(ITEMS)]
  const current = items.findIndex((item) => item.matches(':focus'))
  const next = nextItem(key, items, current)
  next?.focus()
  return next !== undefined
}

function nextItem(key: string, items: readonly HTMLElement[], current: number) {
  if (key === 'ArrowDown') return items[(current + 1) % items.length]
  if (key === 'ArrowUp') return items.at(current <= 0 ? -1 : current - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const fits = (item: HTMLElement) =>
    item.textContent.trim().toLowerCase().startsWith(key.toLowerCase())
  return items.slice(current + 1).find(fits) ?? items.find(fits)
}

const itemClass = (danger = false) =>
  `flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm pointer-coarse:min-h-11 hover:bg-sunken focus:bg-sunken focus:outline-none aria-disabled:cursor-not-allowed aria-disabled:opacity-50 forced-colors:focus:outline-2 ${danger ? 'text-bad' : ''}`

interface ContentProps {
  readonly icon?: Icon | undefined
  /** Short text at the end: a shortcut, a size. */
  readonly hint?: ReactNode
  readonly children: ReactNode
}

const Content = ({ icon: Icon, hint, children }: ContentProps) => (
  <>
    {Icon && <Icon size={16} className="shrink-0 text-muted" />}
    <span className="min-w-0 flex-1">{children}</span>
    {hint === undefined ? null : <span className="shrink-0 pl-4 text-xs text-muted">{hint}</span>}
  </>
)

interface MenuItemProps extends ContentProps {
  readonly onSelect: () => void
  readonly danger?: boolean
  readonly disabled?: boolean
}

/** Handler of an item: closes the menu, then does what the item is for. */
function useSelect(onSelect: () => void, disabled: boolean): () => void {
  const close = use(CloseMenu)
  return () => {
    if (disabled) return
    close()
    onSelect()
  }
}

export function MenuItem({ onSelect, danger, disabled = false, ...content }: MenuItemProps) {
  const select = useSelect(onSelect, disabled)
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={disabled}
      onClick={select}
      className={itemClass(danger)}
    >
      <Content {...content} />
    </button>
  )
}

interface MenuLinkProps extends ContentProps {
  readonly to: string
}

/** A page of Loupe. */
export function MenuLink({ to, ...content }: MenuLinkProps) {
  const close = use(CloseMenu)
  return (
    <Link to={to} role="menuitem" tabIndex={-1} onClick={close} className={itemClass()}>
      <Content {...content} />
    </Link>
  )
}

interface MenuExternalLinkProps extends ContentProps {
  readonly href: string
}

/** A page of another site, in a tab of its own. */
export function MenuExternalLink({ href, ...content }: MenuExternalLinkProps) {
  const close = use(CloseMenu)
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      role="menuitem"
      tabIndex={-1}
      onClick={close}
      className={itemClass()}
    >
      <Content {...content} />
    </a>
  )
}

interface MenuChoiceProps extends Omit<ContentProps, 'icon'> {
  readonly checked: boolean
  readonly disabled?: boolean
  /** One of several, or on and off by itself. */
  readonly kind?: 'radio' | 'checkbox'
  readonly onSelect: () => void
}

export function MenuChoice(props: MenuChoiceProps) {
  const { checked, disabled = false, kind = 'radio', onSelect, ...content } = props
  const select = useSelect(onSelect, disabled)
  return (
    <button
      type="button"
      {...{ role: `menuitem${kind}`, 'aria-checked': checked }}
      tabIndex={-1}
      aria-disabled={disabled}
      onClick={select}
      className={itemClass()}
    >
      <Check size={16} className={`shrink-0 text-accent ${checked ? '' : 'invisible'}`} />
      <Content {...content} />
    </button>
  )
}

export const MenuHeading = ({ children }: { readonly children: ReactNode }) => (
  <p role="presentation" className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">
    {children}
  </p>
)

export const MenuLine = () => <hr className="my-1 border-line" />
