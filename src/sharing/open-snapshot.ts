import { fromBase64url } from '../../core/lib/base64url.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { MAX_BYTES, readSnapshot } from './codec.ts'
import { LOCKED, PLAIN, VERSION } from './create-snapshot.ts'
import { inflate } from './deflate.ts'
import { canEncrypt, decrypt, LOCK_SIZE } from './encrypt.ts'
import type { Snapshot } from './snapshot.ts'

export type SnapshotFault =
  /** Not the text of a snapshot. */
  | 'not-a-snapshot'
  /** Created by a newer Loupe. */
  | 'newer'
  /** A part is missing, or was changed in transit. */
  | 'damaged'
  /** It holds more than any snapshot that Loupe creates. */
  | 'too-large'
  /** It has a passphrase, and none was given. */
  | 'locked'
  /** Or a changed text: with a passphrase the two are indistinguishable. */
  | 'wrong-passphrase'
  /** It has a passphrase, and WebCrypto is not available at this page's URL. */
  | 'no-crypto'
  /** This browser has no decompression. */
  | 'no-compression'

/** Loupe creates none longer than MAX_LINK_LENGTH; a handmade one may be. */
const MAX_TEXT_LENGTH = 64_000

const FORM = /^([1-9]\d{0,5})([a-z]*)\.(.*)$/

/** Opens the text of a link after its '#', or the whole link. Never rejects. */
export async function openSnapshot(
  fragment: string,
  passphrase: string | null,
): Promise<Result<Snapshot, SnapshotFault>> {
  if (fragment.length > MAX_TEXT_LENGTH) return err('too-large')
  const [, version, kind, text = ''] = FORM.exec(mended(fragment)) ?? []
  if (version === undefined) return err('not-a-snapshot')
  const head = `${version}${kind}`
  if (head !== PLAIN && head !== LOCKED) {
    return err(Number(version) >= VERSION ? 'newer' : 'not-a-snapshot')
  }
  // A sentence may put punctuation directly after the link.
  const bytes = fromBase64url(text.replace(/[^\w-]+$/, ''))
  if (bytes === null) return err('damaged')
  if (head === PLAIN) return read(bytes)

  if (bytes.length <= LOCK_SIZE) return err('damaged')
  if (!canEncrypt()) return err('no-crypto')
  if (passphrase === null) return err('locked')
  const unlocked = await decrypt(bytes, passphrase, LOCKED)
  return unlocked.ok ? read(unlocked.value) : unlocked
}

async function read(bytes: Uint8Array<ArrayBuffer>): Promise<Result<Snapshot, SnapshotFault>> {
  const text = await inflate(bytes, MAX_BYTES)
  if (!text.ok) return text
  const snapshot = readSnapshot(text.value)
  return snapshot === null ? err('not-a-snapshot') : ok(snapshot)
}

/** Removes escapes and line breaks of mail programs, and anything before the fragment. */
const mended = (fragment: string): string =>
  decoded(fragment).replaceAll(/\s/g, '').replace(/^.*#/, '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
