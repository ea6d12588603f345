import { plural } from './format.ts'

const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** Size in decimal units, as in browsers and file managers. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  if (unit === 0) return plural(bytes, 'byte')
  return `${oneDecimal.format(value)} ${units[unit] ?? ''}`
}
