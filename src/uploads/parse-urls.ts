import { examineUrl } from './validate-image.ts'

/** Result of parsing pasted image URLs. */
export interface ParsedUrls {
  /** Distinct URLs as written, in order of first appearance. */
  readonly urls: readonly string[]
  /** Lines that are not URLs, for the user to correct. */
  readonly unread: readonly Unread[]
}

export interface Unread {
  readonly text: string
  /** Sentence for the user. */
  readonly why: string
}

/** Parses http(s) URLs separated by spaces or line breaks. Never throws. */
export function parseUrls(text: string): ParsedUrls {
  const urls = new Set<string>()
  const unread: Unread[] = []
  for (const line of text.split(/[\r\n]+/)) {
    const rest: string[] = []
    let why: string | null = null
    for (const word of line.split(/\s+/)) {
      const url = bare(word)
      // An empty word was only punctuation between URLs.
      if (url === '') continue
      const error = examineUrl(url)
      if (error === null) {
        urls.add(url)
        continue
      }
      rest.push(word)
      why ??= error
    }
    if (why !== null) unread.push({ text: rest.join(' '), why })
  }
  return { urls: [...urls], unread }
}

/** Strips the punctuation that lists, emails and code put around a URL. */
const bare = (word: string): string => word.replace(/^[<"'`[(,;]+/, '').replace(/[>"'`\],;]+$/, '')
