/**
 * Host and path of a link, which identify the file. The rest of a signed link is the signature, which
 * differs in each response.
 */
export function placeOf(link: string): string {
  const { origin, pathname } = new URL(link)
  return `${origin}${pathname}`
}
