import { fullQuota } from '../../core/quota/quota.ts'
import { GalleryPage } from '../gallery/gallery-page.tsx'
import type { FrameProps } from '../ui/frame-props.ts'
import { Frame } from './frame.tsx'
import { HeaderTools, MoreMenu } from './header-tools.tsx'
import { KeyMenuItems } from './key-menu.tsx'

const nothing = () => {}

const menu = (
  <KeyMenuItems
    keyEnd="c19d"
    fromTab={false}
    theme="system"
    onTheme={nothing}
    notify="off"
    onNotify={nothing}
    upstream="upscayl"
    onNames={nothing}
    onShortcuts={nothing}
    onReplace={nothing}
    onRemove={nothing}
    onRemoveAll={nothing}
  />
)

const SAMPLE_TOOLS = {
  count: '38',
  tools: (
    <HeaderTools
      running={2}
      quota={fullQuota()}
      paused={false}
      keyEnd="c19d"
      onSearch={nothing}
      onQuota={nothing}
      menu={menu}
    />
  ),
  more: <MoreMenu>{menu}</MoreMenu>,
}

/** The gallery in the app's frame, with a header of samples. */
export const GalleryRoute = (props: Pick<FrameProps, 'theme' | 'onTheme'>) => (
  <GalleryPage {...props} frame={Frame} keyTools={SAMPLE_TOOLS} />
)
