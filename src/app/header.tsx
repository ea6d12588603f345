import { Keyboard, KeyRound, Monitor, Moon, Sun } from 'lucide-react'
import { Link } from 'react-router'
import { Button, IconButton } from '../components/button.tsx'
import type { FrameProps, ThemeChoice, Width } from '../components/frame-props.ts'
import { Logo } from '../components/logo.tsx'
import { paths } from '../lib/paths.ts'

const THEMES = {
  system: { icon: Monitor, label: 'Theme: as the device. Switch to light' },
  light: { icon: Sun, label: 'Theme: light. Switch to dark' },
  dark: { icon: Moon, label: 'Theme: dark. Switch to the device’s' },
} as const satisfies Record<ThemeChoice, { icon: typeof Sun; label: string }>

interface HeaderProps extends Omit<FrameProps, 'children' | 'width'> {
  readonly width: Width
  readonly onShortcuts: () => void
}

/** The workbench has a page of its own in a frame: names tell its landmarks from that one's. */
export const landmarkName = (width: FrameProps['width']) =>
  width === 'full' ? 'Gallery' : undefined

export const MAX_WIDTHS = {
  page: 'max-w-5xl',
  wide: 'max-w-[80rem]',
  full: '',
} as const satisfies Record<Width, string>

export function Header({ theme, onTheme, onForgetKey, onShortcuts, width }: HeaderProps) {
  const { icon: ThemeIcon, label } = THEMES[theme]
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a header of the page itself is a banner, which may have a name
    <header aria-label={landmarkName(width)}>
      <div className={`mx-auto flex h-14 items-center gap-1 px-4 sm:px-6 ${MAX_WIDTHS[width]}`}>
        <Link
          to={paths.home}
          className="mr-auto inline-flex min-h-9 items-center gap-2 font-semibold tracking-tight"
        >
          <Logo />
          Loupe
        </Link>
        {onForgetKey === null ? null : (
          <Button look="quiet" onClick={onForgetKey} icon={<KeyRound aria-hidden size={15} />}>
            Forget key
          </Button>
        )}
        <IconButton label="Keyboard shortcuts" onClick={onShortcuts} className="max-sm:hidden">
          <Keyboard aria-hidden size={17} />
        </IconButton>
        <IconButton label={label} onClick={onTheme}>
          <ThemeIcon aria-hidden size={17} />
        </IconButton>
      </div>
    </header>
  )
}
