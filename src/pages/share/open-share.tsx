import { Share2 } from 'lucide-react'
import { Button } from '../../components/button.tsx'

export function OpenShare({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button icon={<Share2 aria-hidden size={15} />} onClick={onClick}>
      Share
    </Button>
  )
}
