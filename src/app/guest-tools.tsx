import { Keyboard, Monitor, Moon, Sun } from 'lucide-react'
import { IconButton } from '../ui/button.tsx'
import type { FrameProps, ThemeChoice } from '../ui/frame-props.ts'
import { openDialog } from './open-dialog.ts'

const THEMES = {
  system: { icon: Monitor, label: 'Theme: system. Switch to light' },
  light: { icon: Sun, label: 'Theme: light. Switch to dark' },
  dark: { icon: Moon, label: 'Theme: dark. Switch to system' },
} as const satisfies Record<ThemeChoice, { icon: typeof Sun; label: string }>

/** Right half of the header without a key. */
export const GuestTools = ({ theme, onTheme }: Pick<FrameProps, 'theme' | 'onTheme'>) => (
  <>
    <IconButton
      icon={Keyboard}
      label="Keyboard shortcuts"
      onClick={() => openDialog.set('shortcuts')}
      className="max-sm:hidden"
    />
    <IconButton {...THEMES[theme]} onClick={onTheme} />
  </>
)
