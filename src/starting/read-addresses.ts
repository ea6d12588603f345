import { examineAddress } from './examine.ts'

/** What somebody pasted to have images fetched. */
export interface Addresses {
  /** Each once, as written, in the order of first sight. */
  readonly urls: readonly string[]
  /** What of each line is no address, to be corrected. */
  readonly unread: readonly Unread[]
}

export interface Unread {
  readonly text: string
  /** A sentence. */
  readonly why: string
}

/** Reads http(s) addresses that are apart by spaces or lines. Never throws. */
export function readAddresses(text: string): Addresses {
  const urls = new Set<string>()
  const unread: Unread[] = []
  for (const line of text.split(/[\r\n]+/)) {
    const rest: string[] = []
    let why: string | null = null
    for (const word of line.split(/\s+/)) {
      const address = bare(word)
      // Nothing but marks is what stood between addresses.
      if (address === '') continue
      const fault = examineAddress(address)
      if (fault === null) {
        urls.add(address)
        continue
      }
      rest.push(word)
      why ??= fault
    }
    if (why !== null) unread.push({ text: rest.join(' '), why })
  }
  return { urls: [...urls], unread }
}

/** Without what lists, mails and code put around an address. */
const bare = (word: string): string => word.replace(/^[<"'`[(,;]+/, '').replace(/[>"'`\],;]+$/, '')
