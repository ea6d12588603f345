import type { ComponentProps } from 'react'
import { useHref, useLinkClickHandler } from 'react-router'

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  readonly to: string
  /** For the page that it opens, kept with its history entry. */
  readonly state?: unknown
}

/** A link to another page. React Router's own also prefetches, which every page would load. */
export function Link({ to, state, onClick, ...props }: LinkProps) {
  const go = useLinkClickHandler(to, { state })
  return (
    <a
      {...props}
      href={useHref(to)}
      onClick={(event) => {
        onClick?.(event)
        if (!event.defaultPrevented) go(event)
      }}
    />
  )
}
