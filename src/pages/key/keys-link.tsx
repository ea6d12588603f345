/** Link to the page where API keys are created and replaced. */
export const KeysLink = () => (
  <a
    href="https://upscayl.org/account/api-keys"
    rel="noreferrer"
    className="text-accent underline underline-offset-4"
  >
    upscayl.org/account/api-keys
  </a>
)
