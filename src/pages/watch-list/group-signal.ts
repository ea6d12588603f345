import { useEffect } from 'react'
import { formatNumber } from '../../lib/format.ts'

interface GroupFacts {
  readonly running: number
  /** Of all that run, 0 to 100; null where nothing usable was reported. */
  readonly percent: number | null
  /** Ended since somebody looked; all that ever ended would say nothing. */
  readonly done: number
  readonly failed: number
}

/** The tab's title: the number first, since tabs show little more. */
export function groupTitle({ running, percent, done, failed }: GroupFacts): string {
  const parts = [
    running > 0 && percent !== null ? `${Math.floor(percent)} %` : null,
    running > 0 ? `${formatNumber(running)} running` : null,
    // While some run, what went well can wait; what failed cannot.
    done > 0 && running === 0 ? `${formatNumber(done)} done` : null,
    failed > 0 ? `${formatNumber(failed)} failed` : null,
    'Loupe',
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

/** What the tab's icon tells; `idle` leaves the program's own. */
export type FaviconState = 'idle' | 'running' | 'done' | 'failed'

/* The colours of both themes' middle: a tab strip is light or dark by the browser's own choice. */
const RUNNING = '#4f5be0'
const DONE = '#2b9a5f'
const FAILED = '#d2333d'
const GROUND = '#8b8c96'

const RADIUS = 12
const ROUND = 2 * Math.PI * RADIUS

const circle = (color: string, rest: string) =>
  `<circle cx="16" cy="16" r="${RADIUS}" fill="none" stroke="${color}" stroke-width="6" ${rest}/>`
const disc = (color: string, sign: string) =>
  `<circle cx="16" cy="16" r="15" fill="${color}"/><path d="${sign}" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>`

/** A ring that fills clockwise from the top, a tick or a cross; null for the program's own icon. */
export function faviconSvg(percent: number | null, state: FaviconState): string | null {
  const drawn = drawing(percent, state)
  return drawn === null
    ? null
    : `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawn}</svg>`
}

function drawing(percent: number | null, state: FaviconState): string | null {
  switch (state) {
    case 'idle':
      return null
    case 'done':
      return disc(DONE, 'm9 16.5 5 5 9-10')
    case 'failed':
      return disc(FAILED, 'm11 11 10 10M21 11 11 21')
    case 'running': {
      // No number: dashes, which are no part of a whole.
      if (percent === null) return circle(RUNNING, `stroke-dasharray="${(ROUND / 12).toFixed(2)}" `)
      const whole = Math.floor(Math.min(100, Math.max(0, percent)))
      const ground = circle(GROUND, 'stroke-opacity=".35"')
      if (whole === 0) return ground
      const length = ((whole / 100) * ROUND).toFixed(2)
      return `${ground}${circle(RUNNING, `stroke-dasharray="${length} ${ROUND.toFixed(2)}" transform="rotate(-90 16 16)"`)}`
    }
  }
}

export const svgUrl = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`

const iconLink = () => document.querySelector<HTMLLinkElement>('link[rel~="icon"]')

/** Draws the page's icon while the page is there; it changes with each whole percent, not more often. */
export function useFavicon(percent: number | null, state: FaviconState): void {
  const svg = faviconSvg(percent, state)
  useEffect(() => {
    const link = iconLink()
    if (link === null || svg === null) return
    const own = link.href
    link.href = svgUrl(svg)
    // React restores before it draws the next one, so `own` is always the program's.
    return () => {
      link.href = own
    }
  }, [svg])
}
