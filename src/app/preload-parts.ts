/**
 * Requests the parts that follow the first content, as the HTML names them: all at once, instead of
 * each when the one that needs it has arrived, and not before the code that shows the first content.
 */
export function preloadParts(): void {
  const { shell } = document.documentElement.dataset
  const urls = document.querySelector<HTMLScriptElement>('script[data-late]')?.dataset.late
  if (shell !== 'kept' || !urls) return
  for (const href of urls.split(' ')) {
    document.head.append(
      Object.assign(document.createElement('link'), { rel: 'modulepreload', href }),
    )
  }
}
