export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 24 24" fill="none">
      <circle cx="10" cy="10" r="6.5" stroke="currentColor" strokeWidth="2.2" />
      <path d="m15 15 6 6" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      <path d="M7 10a3 3 0 0 1 3-3" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  )
}
