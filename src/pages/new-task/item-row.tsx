import { ArrowRight, Ban, CircleAlert, CircleCheck, Image, RotateCcw, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { Button, buttonClass, IconButton } from '../../components/button.tsx'
import { paths } from '../../lib/paths.ts'
import type { Item, ItemState } from '../../starting/item.ts'
import { mayRetry } from '../../starting/job.ts'
import type { Source } from '../../upscayl/start-task.ts'
import { useObjectUrl } from '../../viewer/use-object-url.ts'
import { nameOf, originOf, stateWords } from './start-words.ts'

export interface ItemActions {
  readonly onCancel: (id: string) => void
  readonly onRetry: (id: string) => void
  readonly onRemove: (id: string) => void
}

/** One image, how far it is, and what can be done about it. */
export function ItemRow({ item, ...actions }: ItemActions & { readonly item: Item }) {
  const { source, state } = item
  const name = nameOf(source)
  // There is more to press then than a phone has room for beside the words.
  const wraps = mayRetry(state)
  return (
    <li
      className={`flex items-center gap-x-3 gap-y-2 px-4 py-3 ${wraps ? 'max-sm:flex-wrap' : ''}`}
    >
      <Thumbnail source={source} />
      <div className={`min-w-0 flex-1 ${wraps ? 'max-sm:basis-[calc(100%-4rem)]' : ''}`}>
        <p className="flex items-baseline gap-2">
          <bdi className="truncate font-medium" title={name}>
            {name}
          </bdi>
          <span className="shrink-0 text-sm text-muted">{originOf(source)}</span>
        </p>
        {state.kind === 'sending' ? <SendingBar name={name} sent={state.sent} /> : null}
        <p className={`mt-0.5 flex items-start gap-1.5 text-sm text-pretty ${inkOf(state)}`}>
          <StateIcon state={state} />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {stateWords(state)}
            {state.kind === 'failed' && state.error.kind === 'credits' ? <BuyCredits /> : null}
          </span>
        </p>
      </div>
      <div className={`flex items-center ${wraps ? 'max-sm:ml-15' : ''}`}>
        <Actions item={item} name={name} {...actions} />
      </div>
    </li>
  )
}

const BuyCredits = () => (
  <>
    {' '}
    <a
      href="https://upscayl.org"
      rel="noreferrer"
      className="text-accent underline underline-offset-4"
    >
      Credits are bought at upscayl.org
    </a>
    .
  </>
)

const inkOf = ({ kind }: ItemState): string =>
  kind === 'unfit' || kind === 'failed'
    ? 'text-bad'
    : kind === 'started'
      ? 'text-good'
      : 'text-muted'

function StateIcon({ state: { kind } }: { readonly state: ItemState }) {
  const props = { 'aria-hidden': true, size: 15, className: 'mt-0.5 shrink-0' } as const
  if (kind === 'started') return <CircleCheck {...props} />
  if (kind === 'unfit' || kind === 'failed') return <CircleAlert {...props} />
  if (kind === 'cancelled') return <Ban {...props} />
  return null
}

function SendingBar({ name, sent }: { readonly name: string; readonly sent: number }) {
  return (
    <div
      role="progressbar"
      aria-label={`Upload of ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(sent * 100)}
      className="my-1.5 h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className="h-full origin-left rounded-full bg-accent transition-transform duration-200"
        style={{ transform: `scaleX(${sent})` }}
      />
    </div>
  )
}

function Actions({
  item: { id, state },
  name,
  onCancel,
  onRetry,
  onRemove,
}: ItemActions & { readonly item: Item; readonly name: string }): ReactNode {
  switch (state.kind) {
    case 'sending':
    case 'waiting':
      return (
        <Button aria-label={`Cancel ${name}`} onClick={() => onCancel(id)}>
          Cancel
        </Button>
      )
    case 'started':
      return (
        <Link
          to={paths.task(state.taskId)}
          aria-label={`Open the task of ${name}`}
          className={buttonClass('quiet')}
        >
          Open
          <ArrowRight aria-hidden size={15} />
        </Link>
      )
    case 'checking':
    case 'ready':
    case 'unfit':
      return <Remove name={name} onClick={() => onRemove(id)} />
    case 'failed':
    case 'cancelled':
      return (
        <>
          {mayRetry(state) ? (
            <Button
              aria-label={`Start ${name} again`}
              icon={<RotateCcw aria-hidden size={15} />}
              onClick={() => onRetry(id)}
            >
              Try again
            </Button>
          ) : null}
          <Remove name={name} onClick={() => onRemove(id)} />
        </>
      )
  }
}

const Remove = ({ name, onClick }: { readonly name: string; readonly onClick: () => void }) => (
  <IconButton label={`Remove ${name}`} onClick={onClick}>
    <X aria-hidden size={16} />
  </IconButton>
)

/** An address is not loaded for its picture: its host would learn of this visit. */
function Thumbnail({ source }: { readonly source: Source }) {
  const url = useObjectUrl(source.kind === 'file' ? source.file : null)
  // What is no image has no picture.
  const [failed, setFailed] = useState(false)
  return (
    <span className="flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-lg bg-sunken text-muted">
      {url === null || failed ? (
        <Image aria-hidden size={18} />
      ) : (
        <img
          src={url}
          alt=""
          decoding="async"
          className="size-full object-cover"
          onError={() => setFailed(true)}
        />
      )}
    </span>
  )
}
