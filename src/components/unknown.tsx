/** What is not known: an em dash, and in a word why. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <span className="text-muted">
      <span aria-hidden>— </span>
      <span className="text-xs">{why}</span>
    </span>
  )
}
