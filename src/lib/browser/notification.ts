/** `unsupported`: this browser shows no notifications for this page. */
export type NotificationAnswer = NotificationPermission | 'unsupported'

export function notificationPermission(): NotificationAnswer {
  try {
    // Over plain http browsers report "denied", and no setting changes that.
    return isSecureContext ? Notification.permission : 'unsupported'
  } catch {
    return 'unsupported'
  }
}

/** Requests permission. The user may never respond. Never rejects. */
export async function askToNotify(): Promise<NotificationAnswer> {
  try {
    return await Notification.requestPermission()
  } catch {
    return notificationPermission()
  }
}

/** False if pages may not: Chrome on Android has the interface, and throws (crbug.com/481856). */
export function showNotification(
  title: string,
  options: NotificationOptions,
  onClick: () => void,
): boolean {
  try {
    const notification = new Notification(title, options)
    notification.onclick = () => {
      window.focus()
      notification.close()
      onClick()
    }
    return true
  } catch {
    return false
  }
}
