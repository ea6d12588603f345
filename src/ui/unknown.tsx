/** Placeholder for an unknown value: an em dash, with the reason. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <span className="text-muted">
      <span aria-hidden>— </span>
      <span className="text-xs">{why}</span>
    </span>
  )
}
