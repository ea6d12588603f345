import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../lib/paths.ts'
import { incomingImages } from '../../uploads/incoming.ts'
import { looksLikeImage } from '../../uploads/validate-image.ts'

/** Opens New task with the images among some files. Returns false if there are none. */
export function useTakeImages(): (files: readonly File[]) => boolean {
  const navigate = useNavigate()
  return useCallback(
    (files) => {
      const images = files.filter(looksLikeImage)
      if (images.length === 0) return false
      incomingImages.change((before) => [...before, ...images])
      navigate(paths.newTask)
      return true
    },
    [navigate],
  )
}
