/** Whether shortcuts use the command key, as on Apple's devices. */
const hasCommandKey = (): boolean => {
  try {
    return /mac|iphone|ipad/i.test(navigator.platform)
  } catch {
    return false
  }
}

/** The key that goes with K for the search. */
export const searchKeys = (): string => (hasCommandKey() ? '⌘ K' : 'Ctrl K')
