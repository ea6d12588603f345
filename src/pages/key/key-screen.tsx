import { FlaskConical, KeyRound } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Logo } from '../../components/logo.tsx'
import { Notice } from '../../components/notice.tsx'
import { Shortened } from '../../components/shortened.tsx'
import { type ApiKey, asApiKey } from '../../session/api-key.ts'
import { KeyForm } from './key-form.tsx'

interface KeyScreenProps {
  /** The task that was asked for, as it stands in the address. */
  readonly taskId: string | null
  /** Another tab has had the key forgotten. */
  readonly forgottenElsewhere: boolean
  /** Keys of other tabs. */
  readonly offers: readonly ApiKey[]
  readonly sandboxKey: string | null
  readonly onKey: (key: ApiKey) => void
}

export function KeyScreen(props: KeyScreenProps) {
  const { taskId, forgottenElsewhere, offers, sandboxKey, onKey } = props
  return (
    <div className="mx-auto w-full max-w-md pt-6 sm:pt-16">
      <title>API key · Loupe</title>
      {forgottenElsewhere ? (
        <div className="mb-6">
          <Notice tone="info" title="The key was forgotten in another tab">
            <p>So it was forgotten here, too. To go on, give it again.</p>
          </Notice>
        </div>
      ) : null}
      <div className="flex items-center gap-2.5">
        <Logo size={28} />
        <h1 className="text-xl font-semibold tracking-tight">Your API key</h1>
      </div>
      {taskId === null ? (
        <p className="mt-2 text-pretty text-muted">
          Loupe shows the tasks of your Upscayl Cloud account, so it asks with your key.
        </p>
      ) : (
        <TaskLink taskId={taskId} />
      )}
      <KeyForm onKey={onKey} />
      {taskId === null ? null : (
        <p className="mt-3 text-sm text-pretty text-muted">
          No key? Ask whoever sent the link for a live link or a snapshot: they show the task
          without one.
        </p>
      )}
      {offers.length === 0 ? null : <Offers offers={offers} onKey={onKey} />}
      {sandboxKey === null ? null : <SandboxOffer sandboxKey={sandboxKey} onKey={onKey} />}
    </div>
  )
}

const TaskLink = ({ taskId }: { readonly taskId: string }) => (
  <>
    <p className="mt-2 text-pretty text-muted">
      This link leads to a task of Upscayl Cloud, which upscales images. Loupe shows how far the
      task is, what it cost, and its files.
    </p>
    <p className="mt-2 text-pretty text-muted">
      To show task <Shortened text={taskId} length={20} className="font-mono text-ink" />, Loupe
      asks with a key of the account that the task belongs to. The task opens right after.
    </p>
  </>
)

function Offers({ offers, onKey }: Pick<KeyScreenProps, 'offers' | 'onKey'>) {
  return (
    <section
      aria-labelledby="tabs-title"
      className="mt-8 rounded-xl border border-line bg-surface p-5"
    >
      <h2 id="tabs-title" className="flex items-center gap-2 font-medium">
        <KeyRound aria-hidden size={16} className="text-muted" />
        {offers.length === 1 ? 'Another tab has a key' : 'Other tabs have different keys'}
      </h2>
      <p className="mt-1 text-sm text-pretty text-muted">
        {offers.length === 1
          ? 'It can be used in this tab, too.'
          : 'Choose the one for this tab, by its last four characters.'}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {offers.map((key) => (
          <Button key={key} onClick={() => onKey(key)}>
            <span>
              Use <span className="font-mono">…{key.slice(-4)}</span>
            </span>
          </Button>
        ))}
      </div>
    </section>
  )
}

interface SandboxOfferProps extends Pick<KeyScreenProps, 'onKey'> {
  readonly sandboxKey: string
}

function SandboxOffer({ sandboxKey, onKey }: SandboxOfferProps) {
  const key = asApiKey(sandboxKey)
  if (key === null) return null
  return (
    <section
      aria-labelledby="offer-title"
      className="mt-8 rounded-xl border border-line bg-surface p-5"
    >
      <h2 id="offer-title" className="flex items-center gap-2 font-medium">
        <FlaskConical aria-hidden size={16} className="text-muted" />
        No account? This server runs a sandbox
      </h2>
      <p className="mt-1 text-sm text-pretty text-muted">
        An Upscayl Cloud on this machine, with real pictures and play credits.
      </p>
      <Button className="mt-3" onClick={() => onKey(key)}>
        Use the sandbox key
      </Button>
    </section>
  )
}
