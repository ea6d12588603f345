/** The page of an Upscayl account where API keys are created and replaced. */
export const KEYS_URL = 'https://upscayl.org/account/api-keys'

export const KeysLink = () => (
  <a href={KEYS_URL} rel="noreferrer" className="text-accent underline underline-offset-4">
    upscayl.org/account/api-keys
  </a>
)
