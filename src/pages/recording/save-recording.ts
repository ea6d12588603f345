import type { Recording } from '../../upscayl/recording.ts'

/** Hands the recording to the browser as a file, named by when it begins. */
export function saveRecording(recording: Recording): void {
  const begin = new Date(recording.answers[0]?.askedAt ?? 0).toISOString()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(recording, null, 1)], { type: 'application/json' }),
  )
  // No file system takes a colon everywhere.
  link.download = `loupe-recording-${begin.slice(0, 19).replaceAll(':', '-')}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}
