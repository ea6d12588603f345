import type { ReactNode } from 'react'
import { paths } from '../lib/paths.ts'
import type { Icon } from '../ui/button.tsx'
import { Link } from '../ui/link.tsx'

interface BannerProps {
  readonly icon: Icon
  readonly ink?: string
  readonly children: ReactNode
}

/** Tells a recipient what kind of page this is, and whose program shows it. */
export const Banner = ({ icon: Icon, ink = '', children }: BannerProps) => (
  <div className="mb-4 rounded-xl bg-sunken px-4 py-2.5 text-sm text-muted">
    <div className="flex items-start gap-2.5">
      <Icon size={16} className={`mt-0.5 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
    </div>
    <details className="mt-1 pl-6.5">
      <summary className="w-fit cursor-pointer rounded py-1 hover:text-ink">
        Shared from Loupe · <span className="underline underline-offset-4">What is this?</span>
      </summary>
      <p className="mt-1 max-w-prose text-pretty">
        Loupe follows image upscaling tasks of Upscayl Cloud. Someone shared one with you. You need
        no account.{' '}
        <Link to={paths.home} className="text-accent underline underline-offset-4">
          Open Loupe
        </Link>
      </p>
    </details>
  </div>
)
