import { createHmac, timingSafeEqual } from 'node:crypto'

export type Variant = 'download' | 'thumbnail'

export interface Link {
  readonly fileId: string
  readonly variant: string
  /** Both as in the URL. */
  readonly expires: string
  readonly signature: string
}

export type LinkError = 'altered' | 'expired'

/** Whole Unix seconds, as in the API; a file expires at the start of this second. */
export const seconds = (ms: number) => Math.floor(ms / 1000)

export type Links = ReturnType<typeof createLinks>

/** Signed links: anyone with one may fetch the file until it expires. */
export function createLinks(secret: string, now: () => number) {
  const sign = (fileId: string, variant: string, expires: string): Buffer =>
    createHmac('sha256', secret).update(`${fileId}\n${variant}\n${expires}`).digest()

  return {
    url(origin: string, fileId: string, variant: Variant, expiresAt: number): string {
      const expires = String(seconds(expiresAt))
      const signature = sign(fileId, variant, expires).toString('hex')
      return `${origin}/files/${fileId}/${variant}?expires=${expires}&signature=${signature}`
    },

    /** Where a part of an upload goes; its `variant` is the number. */
    partUrl(origin: string, uploadId: string, number: number, expiresAt: number): string {
      const expires = String(seconds(expiresAt))
      const signature = sign(uploadId, String(number), expires).toString('hex')
      return `${origin}/uploads/${uploadId}/${number}?expires=${expires}&signature=${signature}`
    },

    /** The error of a link, or null. Checks the signature first, because only a genuine date counts. */
    fault({ fileId, variant, expires, signature }: Link): LinkError | null {
      const wanted = sign(fileId, variant, expires)
      const given = Buffer.from(/^[\da-f]{64}$/.test(signature) ? signature : '', 'hex')
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'altered'
      return now() >= Number(expires) * 1000 ? 'expired' : null
    },

    /** Whole seconds until a genuine link expires. */
    secondsLeft: (expires: string): number => Math.floor((Number(expires) * 1000 - now()) / 1000),
  }
}
