import { Check, Copy, QrCode as QrIcon, Share2 } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { deferred } from '../../components/deferred.tsx'
import { COPIED_WORDS, useCopy } from '../../components/use-copy.ts'
import { canPassOn, passOn } from '../../lib/browser/sharing.ts'
import { formatNumber } from '../../lib/format.ts'

/** Loaded when it is opened: most links are copied. */
const QrCode = deferred(async () => (await import('../../components/qr-code.tsx')).QrCode)

/**
 * The most characters that phones still read from a screen: a code of about 130 modules a side. The
 * standard (ISO/IEC 18004) goes up to 2,953.
 */
const LONGEST_QR = 1400

interface LinkBoxProps {
  /** What the link is, such as "Task link". */
  readonly label: string
  readonly url: string
  /** What it is called where it is passed on. */
  readonly title: string
  /** What else can be done with it. */
  readonly children?: ReactNode
}

/** A link, and the ways to pass it on. */
export function LinkBox({ label, url, title, children }: LinkBoxProps) {
  const field = useId()
  const [outcome, copy] = useCopy()
  const [undelivered, setUndelivered] = useState(false)
  const [code, setCode] = useState(false)
  const pass = async () => setUndelivered((await passOn(title, url)) === 'failed')
  return (
    <div className="mt-5">
      <label htmlFor={field} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={field}
        readOnly
        value={url}
        onFocus={(event) => event.target.select()}
        className="mt-1.5 min-h-11 w-full truncate rounded-lg border border-line-strong bg-page px-3 font-mono text-sm"
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          onClick={() => void copy(url)}
          icon={
            outcome === 'copied' ? <Check aria-hidden size={15} /> : <Copy aria-hidden size={15} />
          }
        >
          Copy link
        </Button>
        {canPassOn() ? (
          <Button onClick={() => void pass()} icon={<Share2 aria-hidden size={15} />}>
            Pass on
          </Button>
        ) : null}
        <Button
          aria-expanded={code}
          onClick={() => setCode(!code)}
          icon={<QrIcon aria-hidden size={15} />}
        >
          QR code
        </Button>
        {children}
      </div>
      <p role="status" className="mt-1.5 min-h-5 text-sm text-pretty text-muted">
        {outcome === null ? '' : `${COPIED_WORDS[outcome]}.`}
        {outcome === 'denied' ? ' Choose the link above and copy it by hand.' : ''}
        {undelivered ? 'The device could not pass the link on. Copy it instead.' : ''}
      </p>
      {code ? <Code url={url} label={label} /> : null}
    </div>
  )
}

function Code({ url, label }: Pick<LinkBoxProps, 'url' | 'label'>) {
  if (url.length > LONGEST_QR) {
    return (
      <p className="mt-2 text-sm text-pretty text-muted">
        With {formatNumber(url.length)} characters this link is too long for a QR code that a phone
        can read.
      </p>
    )
  }
  return (
    <div className="mx-auto mt-2 aspect-square w-full max-w-72">
      <QrCode text={url} label={`QR code of the ${label.toLowerCase()}`} />
    </div>
  )
}
