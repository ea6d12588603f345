import {
  type ComponentProps,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
} from 'react'

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'ref' | 'onChange'> {
  readonly label: string
  readonly onValue: (text: string) => void
  /** Validation error; null for none. */
  readonly error: string | null
  /** Actions beside the field. */
  readonly children: ReactNode
}

/** A multi-line text field that grows with its text. */
export function TextArea(props: TextAreaProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const { label, onValue, error, className = '', children, ...rest } = props
  const id = useId()
  useTextHeight(field)
  return (
    <>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="mt-1.5 flex flex-col gap-2 sm:flex-row sm:items-start">
        <textarea
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          {...rest}
          ref={field}
          id={id}
          rows={1}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error !== null}
          className={`field-sizing-content min-h-11 min-w-0 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2.5 font-mono aria-invalid:border-bad ${className}`}
        />
        {children}
      </div>
    </>
  )
}

/** Fits the height to the text in browsers without `field-sizing` (WebKitGTK 2.50). */
function useTextHeight(field: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => {
    const { current } = field
    if (current === null || CSS.supports('field-sizing', 'content')) return
    current.style.height = 'auto'
    const frame = current.offsetHeight - current.clientHeight
    current.style.height = `${current.scrollHeight + frame}px`
  })
}
