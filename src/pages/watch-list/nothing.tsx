/** The column says what is missing; a card leaves it out. */
export const Nothing = () => (
  <span data-nothing className="text-muted">
    —
  </span>
)
