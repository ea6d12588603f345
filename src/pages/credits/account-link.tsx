import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { KEYS_URL } from '../key/keys-link.tsx'
import { sandboxQuery } from '../sandbox-query.ts'

/** The account's own page, where its balance always is. A sandbox has none. */
export function AccountLink() {
  const { data: sandbox } = useQuery(sandboxQuery)
  return sandbox === null ? (
    <a
      href={KEYS_URL}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-6 items-center gap-1.5 rounded-sm text-sm font-medium text-accent hover:underline hover:underline-offset-4"
    >
      Account at Upscayl
      <ExternalLink size={14} />
    </a>
  ) : null
}
