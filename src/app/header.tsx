import { Coins, Images, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'react-router'
import { paths } from '../lib/paths.ts'
import { buttonClass, type Icon } from '../ui/button.tsx'
import { deferred, Nothing } from '../ui/deferred.tsx'
import type { FrameProps, KeyTools, Width } from '../ui/frame-props.ts'
import { Link } from '../ui/link.tsx'
import { Logo } from '../ui/logo.tsx'

const GuestTools = deferred(async () => (await import('./guest-tools.tsx')).GuestTools, Nothing)

/** The workbench has another page in a frame: names distinguish the landmarks of the two. */
export const landmarkName = (width: FrameProps['width']) =>
  width === 'full' ? 'Gallery' : undefined

export const MAX_WIDTHS = {
  page: 'max-w-[70rem]',
  wide: 'max-w-[70rem]',
  full: '',
} as const satisfies Record<Width, string>

interface HeaderProps extends Pick<FrameProps, 'theme' | 'onTheme' | 'keyTools'> {
  readonly width: Width
}

export const Header = ({ theme, onTheme, keyTools, width }: HeaderProps) => (
  // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a header of the page itself is a banner, which may have a name
  <header aria-label={landmarkName(width)} className="border-b border-line bg-surface">
    <div
      className={`mx-auto flex h-14 items-center gap-1 px-4 sm:gap-2 sm:px-6 ${MAX_WIDTHS[width]}`}
    >
      <Link
        to={paths.home}
        className="mr-2 inline-flex min-h-9 items-center gap-2 font-semibold tracking-tight pointer-coarse:min-h-11"
      >
        <Logo />
        Loupe
      </Link>
      {keyTools === null ? null : (
        <nav aria-label="Main" className="flex gap-1 max-sm:hidden">
          <NavLink to={paths.home}>
            Tasks
            {/* As wide as two digits, so that nothing moves when the number comes. */}
            <span className="min-w-[2ch] font-normal text-muted empty:hidden">
              {keyTools.count}
            </span>
          </NavLink>
          <NavLink to={paths.credits}>Credits</NavLink>
        </nav>
      )}
      <div className="ml-auto flex min-w-0 items-center gap-1">
        {keyTools === null ? <GuestTools theme={theme} onTheme={onTheme} /> : keyTools.tools}
      </div>
      {keyTools === null ? null : (
        <NavLink
          to={paths.newTask}
          shortcut="n"
          className={`${buttonClass('primary')} max-sm:hidden`}
        >
          <Plus size={15} />
          New task
        </NavLink>
      )}
    </div>
  </header>
)

/** Marks a link to the open page; the list is also where a task's page belongs. */
function useCurrent(to: string): { readonly 'aria-current'?: 'page' | true } {
  const { pathname } = useLocation()
  if (pathname === to) return { 'aria-current': 'page' }
  return to === paths.home && pathname.startsWith('/tasks/') ? { 'aria-current': true } : {}
}

interface NavLinkProps {
  readonly to: string
  readonly shortcut?: string
  readonly className?: string
  readonly children: ReactNode
}

const NavLink = ({ to, shortcut, className = navClass, children }: NavLinkProps) => (
  <Link to={to} {...useCurrent(to)} aria-keyshortcuts={shortcut} className={className}>
    {children}
  </Link>
)

const navClass =
  'inline-flex min-h-9 items-center gap-1.5 rounded-lg px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink pointer-coarse:min-h-11'

/** Navigation of narrow pages, within reach of a thumb. */
export const BottomBar = ({ more }: Pick<KeyTools, 'more'>) => (
  <nav
    aria-label="Main"
    data-bottom-bar
    className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden print:hidden"
  >
    <BarLink to={paths.home} icon={Images}>
      Tasks
    </BarLink>
    <BarLink to={paths.newTask} icon={Plus}>
      New
    </BarLink>
    <BarLink to={paths.credits} icon={Coins}>
      Credits
    </BarLink>
    {more}
  </nav>
)

export const barItemClass =
  'flex h-14 min-w-0 flex-col items-center justify-center gap-0.5 text-xs font-medium text-muted aria-[current]:text-accent'

const BarLink = ({ to, icon: Icon, children }: NavLinkProps & { readonly icon: Icon }) => (
  <NavLink to={to} className={barItemClass}>
    <Icon size={20} />
    {children}
  </NavLink>
)
