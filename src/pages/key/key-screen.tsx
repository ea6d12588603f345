import { FlaskConical, KeyRound } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { type ApiKey, asApiKey } from '../../session/api-key.ts'
import { Button, type Icon } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Shortened } from '../../ui/shortened.tsx'
import { KeyForm } from './key-form.tsx'

interface KeyScreenProps {
  /** The requested task, as in the URL. */
  readonly taskId: string | null
  /** Another tab removed the key. */
  readonly forgottenElsewhere: boolean
  /** Keys of other tabs. */
  readonly offers: readonly ApiKey[]
  readonly sandboxKey: string | null
  readonly onKey: (key: ApiKey) => void
}

export function KeyScreen(props: KeyScreenProps) {
  const { taskId, forgottenElsewhere, offers, sandboxKey, onKey } = props
  const ofSandbox = sandboxKey === null ? null : asApiKey(sandboxKey)
  return (
    <div className="mx-auto grid max-w-md gap-6 pt-3 sm:pt-10 lg:max-w-none lg:grid-cols-[26rem_1fr] lg:items-start lg:gap-16">
      <title>API key · Loupe</title>
      <BeforeAfter />
      <div>
        {forgottenElsewhere ? (
          <div className="mb-6">
            <Notice tone="info" title="The key was removed in another tab">
              <p>Enter it to continue.</p>
            </Notice>
          </div>
        ) : null}
        <h1 className="text-xl font-semibold tracking-tight">Your API key</h1>
        {taskId === null ? (
          <p className="mt-2 text-pretty text-muted">
            Enter your Upscayl Cloud API key to see your tasks.
          </p>
        ) : (
          <TaskLink taskId={taskId} />
        )}
        <div className="mt-6">
          <KeyForm submit="Continue" onKey={onKey} />
        </div>
        {taskId === null ? null : (
          <p className="mt-3 text-sm text-pretty text-muted">
            No key? Ask the sender for a public link or a snapshot.
          </p>
        )}
        {offers.length === 0 ? null : <Offers offers={offers} onKey={onKey} />}
        {ofSandbox === null ? null : (
          <Offer
            icon={FlaskConical}
            title="No account? Try the sandbox"
            means="A local copy of Upscayl Cloud: real upscaling, play credits."
          >
            <Button onClick={() => onKey(ofSandbox)}>Open the sandbox</Button>
          </Offer>
        )}
      </div>
    </div>
  )
}

/** Where the picture is wide. The static shell of a page without a key preloads it. */
export const NARROW_PICTURE = {
  src: '/pictures/before-after-wide.webp',
  media: '(width < 64rem)',
}

/** The service at a glance. */
const BeforeAfter = () => (
  <figure className="relative aspect-[5/2] overflow-hidden rounded-xl border border-line lg:order-last lg:aspect-[4/3]">
    <picture>
      <source media={NARROW_PICTURE.media} srcSet={NARROW_PICTURE.src} />
      {/* Lazy, because the static shell of a page with a key contains it, too, but hidden. */}
      <img
        src="/pictures/before-after.webp"
        loading="lazy"
        fetchPriority="high"
        alt="A harbour at night: blurred on the left, sharp on the right"
        className="size-full object-cover"
      />
    </picture>
    <div aria-hidden className="absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-white" />
    <figcaption className="absolute inset-x-3 bottom-3 flex justify-between text-xs font-medium text-white">
      <span className="rounded-md bg-black/70 px-2 py-0.5">Before</span>
      <span className="rounded-md bg-black/70 px-2 py-0.5">After</span>
    </figcaption>
  </figure>
)

const TaskLink = ({ taskId }: { readonly taskId: string }) => (
  <>
    <p className="mt-2 text-pretty text-muted">
      To open task <Shortened text={taskId} length={20} className="font-mono text-ink" />, enter an
      API key of the Upscayl Cloud account it belongs to.
    </p>
  </>
)

interface OfferProps {
  readonly icon: Icon
  readonly title: string
  readonly means: string
  readonly children: ReactNode
}

/** An available key. */
function Offer({ icon: Icon, title, means, children }: OfferProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-8 rounded-xl border border-line bg-surface p-5">
      <h2 id={id} className="flex items-center gap-2 font-medium">
        <Icon size={16} className="text-muted" />
        {title}
      </h2>
      <p className="mt-1 text-sm text-pretty text-muted">{means}</p>
      <div className="mt-3 flex flex-wrap gap-2">{children}</div>
    </section>
  )
}

const Offers = ({ offers, onKey }: Pick<KeyScreenProps, 'offers' | 'onKey'>) => (
  <Offer
    icon={KeyRound}
    title={offers.length === 1 ? 'Another tab has a key' : 'Other tabs have different keys'}
    means={
      offers.length === 1 ? 'Use the same key here.' : 'Select one by its last four characters.'
    }
  >
    {offers.map((key) => (
      <Button key={key} onClick={() => onKey(key)}>
        <span>
          Use <span className="font-mono">…{key.slice(-4)}</span>
        </span>
      </Button>
    ))}
  </Offer>
)
