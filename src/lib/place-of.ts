/**
 * What a link leads to: its host and path. The rest of a signed link is the permission, which is another
 * one in each answer; the file is the same.
 */
export function placeOf(link: string): string {
  const { origin, pathname } = new URL(link)
  return `${origin}${pathname}`
}
