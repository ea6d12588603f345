import { useEffect } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { SHARE_INCOMPLETE } from '../../../core/lib/site-paths.ts'
import { takeShared } from '../../lib/browser/shared-images.ts'
import { now } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import { toast } from '../../ui/toast.ts'
import { incomingImages } from '../../uploads/incoming.ts'

/** Takes the images that were shared to the installed app. */
export function useSharedImages(): void {
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  useEffect(() => {
    void takeShared(now()).then((images) => {
      if (images.length === 0) return
      const shared = images.map((image) => ({ image, earlier: null }))
      incomingImages.change((before) => [...before, ...shared])
    })
  }, [])
  const isIncomplete = pathname + search === SHARE_INCOMPLETE
  useEffect(() => {
    if (!isIncomplete) return
    toast({ text: 'Not all shared images arrived. Add them here.' })
    navigate(paths.newTask, { replace: true })
  }, [isIncomplete, navigate])
}
