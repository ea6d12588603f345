/** To be run in the page: permits notifications, and keeps their titles instead of showing them. */
export function keepNotifications(): void {
  const shown: string[] = []
  class Shown {
    static permission = 'granted'
    static requestPermission = async () => 'granted'
    constructor(title: string) {
      shown.push(title)
    }
    close() {}
  }
  Object.assign(window, { Notification: Shown, shown })
}
