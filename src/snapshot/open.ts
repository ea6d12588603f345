import { fromBase64url } from '../lib/base64url.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { MOST_BYTES, readSnapshot } from './compact.ts'
import { inflate } from './deflate.ts'
import { canLock, LOCK_SIZE, unlock } from './lock.ts'
import { LOCKED, PLAIN, VERSION } from './pack.ts'
import type { Snapshot } from './snapshot.ts'

export type SnapshotFault =
  /** No text of a snapshot, or one that no Loupe made. */
  | 'not-a-snapshot'
  /** From a later Loupe than this. */
  | 'newer'
  /** A part is missing, or was changed on its way. */
  | 'damaged'
  /** It holds more than any snapshot of Loupe. */
  | 'too-large'
  /** It has a passphrase, and none was given. */
  | 'locked'
  /** Or a text that was changed: with a passphrase the two look the same. */
  | 'wrong-passphrase'
  /** It has a passphrase, and this page's address has no WebCrypto. */
  | 'no-crypto'
  /** This browser unpacks nothing. */
  | 'no-compression'

/** Loupe makes none longer than LONGEST_LINK; a person may. */
const LONGEST_TEXT = 64_000

const FORM = /^([1-9]\d{0,5})([a-z]*)\.(.*)$/

/** Reads the text of a link after its '#', or the whole link. Never rejects. */
export async function openSnapshot(
  fragment: string,
  passphrase: string | null,
): Promise<Result<Snapshot, SnapshotFault>> {
  if (fragment.length > LONGEST_TEXT) return err('too-large')
  const [, version, kind, text = ''] = FORM.exec(mended(fragment)) ?? []
  if (version === undefined) return err('not-a-snapshot')
  const head = `${version}${kind}`
  if (head !== PLAIN && head !== LOCKED) {
    return err(Number(version) >= VERSION ? 'newer' : 'not-a-snapshot')
  }
  // A sentence that ends in the link may end it with a sign of its own.
  const bytes = fromBase64url(text.replace(/[^\w-]+$/, ''))
  if (bytes === null) return err('damaged')
  if (head === PLAIN) return read(bytes)

  if (bytes.length <= LOCK_SIZE) return err('damaged')
  if (!canLock()) return err('no-crypto')
  if (passphrase === null) return err('locked')
  const unlocked = await unlock(bytes, passphrase, LOCKED)
  return unlocked.ok ? read(unlocked.value) : unlocked
}

async function read(bytes: Uint8Array<ArrayBuffer>): Promise<Result<Snapshot, SnapshotFault>> {
  const text = await inflate(bytes, MOST_BYTES)
  if (!text.ok) return text
  const snapshot = readSnapshot(text.value)
  return snapshot === null ? err('not-a-snapshot') : ok(snapshot)
}

/** Without the escapes and line breaks of mail programs, and without what stands before the fragment. */
const mended = (fragment: string): string =>
  decoded(fragment).replaceAll(/\s/g, '').replace(/^.*#/, '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
