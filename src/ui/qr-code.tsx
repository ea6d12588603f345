import encodeQr from 'qr'

interface QrCodeProps {
  /** At most 2,953 bytes (ISO/IEC 18004, version 40); phones read about half from a screen. */
  readonly text: string
  readonly label: string
}

/** `text` as a QR code: dark on light in both themes, since many readers support nothing else. */
export function QrCode({ text, label }: QrCodeProps) {
  const modules = encodeQr(text, 'raw', { ecc: 'low', border: QUIET_ZONE })
  const size = modules.length
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="block w-full rounded-lg bg-white"
    >
      <path fill="#000" d={modules.map(rowPath).join('')} />
    </svg>
  )
}

/** White modules around the code (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4

/** One rectangle per run of dark modules. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const start = x
    while (row[x + 1]) x++
    path += `M${start} ${y}h${x + 1 - start}v1h${start - x - 1}z`
  }
  return path
}
