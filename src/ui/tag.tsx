/** A label of a task. */
export const Tag = ({ children }: { readonly children: string }) => (
  <bdi
    title={children}
    className="inline-block min-w-0 max-w-32 truncate rounded-full border border-line bg-sunken px-2 align-bottom text-xs text-ink"
  >
    {children}
  </bdi>
)
