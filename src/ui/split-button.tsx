import { ChevronDown } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Button } from './button.tsx'
import { Menu } from './menu.tsx'

interface SplitButtonProps extends ComponentProps<typeof Button> {
  /** Accessible name of the button that opens the menu. */
  readonly menuLabel: string
  /** Items of the menu. */
  readonly menu: ReactNode
}

/** The usual action, and its variants in a menu. */
export function SplitButton({ menuLabel, menu, className = '', ...main }: SplitButtonProps) {
  const { look } = main
  const seam = look === 'primary' ? 'border-l-accent-ink/30' : ''
  return (
    <span className={`inline-flex ${className}`}>
      <Button {...main} className="min-w-0 flex-1 rounded-r-none" />
      <Menu
        label={menuLabel}
        trigger={(props) => (
          <Button
            {...props}
            look={look ?? 'secondary'}
            aria-label={menuLabel}
            title={menuLabel}
            className={`-ml-px rounded-l-none px-2 ${seam}`}
            icon={ChevronDown}
          />
        )}
      >
        {menu}
      </Menu>
    </span>
  )
}
