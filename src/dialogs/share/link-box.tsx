import { Check, Copy, QrCode as QrIcon, Share2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { canPassOn, passOn } from '../../lib/browser/sharing.ts'
import { formatNumber } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy-button.tsx'
import { deferred } from '../../ui/deferred.tsx'
import { reveal } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'

/** Loaded when opened: most links are copied. */
const QrCode = deferred(async () => (await import('../../ui/qr-code.tsx')).QrCode)

/**
 * Characters that phones still read from a screen: a code of about 130 modules per side. The
 * standard (ISO/IEC 18004) goes up to 2,953.
 */
const MAX_QR_LENGTH = 1400

interface LinkBoxProps {
  /** Kind of link, such as "Public link". */
  readonly label: string
  readonly url: string
  /** Title for the device's share sheet. */
  readonly title: string
  /** It was already copied. */
  readonly copied?: boolean
  /** Further actions. */
  readonly children?: ReactNode
}

/** A link, and the ways to share it. */
export function LinkBox({ label, url, title, copied = false, children }: LinkBoxProps) {
  const [outcome, copy] = useCopy()
  const [undelivered, setUndelivered] = useState(false)
  const [code, setCode] = useState(false)
  const share = async () => setUndelivered((await passOn(title, url)) === 'failed')
  const isTooLong = url.length > MAX_QR_LENGTH
  const said =
    outcome === 'denied' || undelivered
      ? 'Couldn’t copy. Select the link and copy it.'
      : outcome === 'copied' || copied
        ? 'Link copied.'
        : ''
  return (
    <div className="mt-5">
      <Field
        label={label}
        readOnly
        value={url}
        onFocus={(event) => event.target.select()}
        className="truncate bg-page! font-mono text-sm"
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          onClick={() => void copy(url)}
          icon={outcome === 'copied' ? Check : Copy}
        >
          Copy link
        </Button>
        {canPassOn() ? (
          <Button onClick={() => void share()} icon={Share2}>
            Share…
          </Button>
        ) : null}
        <Button aria-expanded={code} onClick={() => setCode(!code)} icon={QrIcon}>
          QR code
        </Button>
        {children}
      </div>
      <p role="status" className="mt-1.5 min-h-5 text-sm text-pretty text-muted">
        {said}
      </p>
      {!code ? null : isTooLong ? (
        <p ref={reveal} className="mt-2 text-sm text-pretty text-muted">
          This link is too long for a QR code ({formatNumber(url.length)} characters).
        </p>
      ) : (
        <div ref={reveal} className="mx-auto mt-2 aspect-square w-full max-w-56">
          <QrCode text={url} label={`QR code of the ${label.toLowerCase()}`} />
        </div>
      )}
    </div>
  )
}
