import { useQuery } from '@tanstack/react-query'
import {
  ExternalLink,
  FlaskConical,
  Images,
  Keyboard,
  KeyRound,
  LogOut,
  TextCursorInput,
  Trash2,
} from 'lucide-react'
import { paths } from '../lib/paths.ts'
import { useStore } from '../lib/store.ts'
import { KEYS_URL } from '../pages/key/keys-link.tsx'
import { removeKey, removeKeyAndList } from '../pages/key/remove-key.ts'
import { sandboxQuery } from '../pages/sandbox-query.ts'
import { type NotifyPermission, useNotifications } from '../pages/task-list/notify.ts'
import type { ApiKey } from '../session/api-key.ts'
import { useSession } from '../session/session.ts'
import { FolderItem } from '../task-view/folder.tsx'
import type { ThemeChoice } from '../ui/frame-props.ts'
import {
  MenuChoice,
  MenuExternalLink,
  MenuHeading,
  MenuItem,
  MenuLine,
  MenuLink,
} from '../ui/menu.tsx'
import { openDialog } from './open-dialog.ts'
import { themeChoice } from './theme.ts'

/** The key's menu with its data. */
export function KeyMenu({ apiKey }: { readonly apiKey: ApiKey }) {
  const { data: sandbox } = useQuery(sandboxQuery)
  const { permission, toggle } = useNotifications()
  const theme = useStore(themeChoice)
  const { notes } = useSession()
  return (
    <KeyMenuItems
      keyEnd={apiKey.slice(-4)}
      fromTab={notes.includes('handed-over')}
      theme={theme}
      onTheme={themeChoice.set}
      notify={permission}
      onNotify={toggle}
      upstream={sandbox === undefined ? null : sandbox === null ? 'upscayl' : 'sandbox'}
      onNames={() => openDialog.set('names')}
      onShortcuts={() => openDialog.set('shortcuts')}
      onReplace={() => openDialog.set('replace-key')}
      onRemove={removeKey}
      onRemoveAll={() => void removeKeyAndList(apiKey)}
    />
  )
}

interface KeyMenuItemsProps {
  readonly keyEnd: string
  /** The key came from another open tab. */
  readonly fromTab: boolean
  readonly theme: ThemeChoice
  readonly onTheme: (theme: ThemeChoice) => void
  readonly notify: NotifyPermission
  readonly onNotify: () => void
  /** Where the key is from; null before that is clear. */
  readonly upstream: 'upscayl' | 'sandbox' | null
  readonly onNames: () => void
  readonly onShortcuts: () => void
  readonly onReplace: () => void
  readonly onRemove: () => void
  readonly onRemoveAll: () => void
}

const THEMES = { system: 'System', light: 'Light', dark: 'Dark' } as const

export const KeyMenuItems = (props: KeyMenuItemsProps) => (
  <>
    <MenuHeading>
      API key <span className="font-mono">••{props.keyEnd}</span>
      {props.fromTab ? ', from another tab' : ''}
    </MenuHeading>
    {props.notify === 'unsupported' ? null : (
      <MenuChoice
        kind="checkbox"
        checked={props.notify === 'on'}
        disabled={props.notify === 'denied'}
        onSelect={props.onNotify}
      >
        Notifications
        {props.notify === 'denied' ? (
          <span className="block text-xs text-muted">Blocked in browser settings</span>
        ) : null}
      </MenuChoice>
    )}
    <FolderItem />
    <MenuItem icon={TextCursorInput} onSelect={props.onNames}>
      File names…
    </MenuItem>
    <MenuHeading>Theme</MenuHeading>
    {Object.entries(THEMES).map(([theme, label]) => (
      <MenuChoice
        key={theme}
        checked={theme === props.theme}
        onSelect={() => props.onTheme(theme as ThemeChoice)}
      >
        {label}
      </MenuChoice>
    ))}
    <MenuLine />
    <MenuItem icon={Keyboard} hint="?" onSelect={props.onShortcuts}>
      Keyboard shortcuts
    </MenuItem>
    {props.upstream === 'sandbox' ? (
      <MenuLink icon={FlaskConical} to={paths.sandbox}>
        Sandbox
      </MenuLink>
    ) : null}
    <MenuLink icon={Images} to={paths.gallery}>
      Gallery
    </MenuLink>
    <MenuLine />
    {props.upstream === 'upscayl' ? (
      <MenuExternalLink icon={ExternalLink} href={KEYS_URL}>
        Account at Upscayl
      </MenuExternalLink>
    ) : null}
    <MenuItem icon={KeyRound} onSelect={props.onReplace}>
      Replace key…
    </MenuItem>
    <MenuItem icon={LogOut} onSelect={props.onRemove}>
      Remove key
    </MenuItem>
    <MenuItem icon={Trash2} danger onSelect={props.onRemoveAll}>
      Remove key and this browser’s list
    </MenuItem>
  </>
)
