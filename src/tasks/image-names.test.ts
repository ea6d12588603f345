import { describe, expect, it } from 'vitest'
import { imageCount, imageNames, namesText } from './image-names.ts'
import { entryAfter, UPLOAD } from './testing-list.ts'
import { withUpload } from './tracked-task.ts'

const SENT = { ...UPLOAD.source, more: 2, others: ['a.png', 'b.png'] }

describe('the names of the images of a task', () => {
  it('are those that were sent, until more are reported', () => {
    const started = withUpload(entryAfter('a', []), { ...UPLOAD, source: SENT })
    expect(imageNames(started)).toEqual(['tram.jpg', 'a.png', 'b.png'])
    expect(imageCount(started)).toBe(3)
    const reported = withUpload(entryAfter('a', ['batch']), { ...UPLOAD, source: SENT })
    expect(imageNames(reported)).toHaveLength(6)
    expect(imageCount(reported)).toBe(6)
  })

  it('are none of an unknown task, which has one image', () => {
    expect(imageNames(entryAfter('a', []))).toEqual([])
    expect(imageCount(entryAfter('a', []))).toBe(1)
  })

  it('are listed, those of many as their number', () => {
    expect(namesText(['a.png', 'b\u202e.png'])).toBe('a.png, b\ufffd.png')
    expect(namesText(['a.png'], 3)).toBe('a.png and 2 more')
    expect(namesText(Array.from({ length: 50 }, (_, n) => `${n}.png`))).toMatch(
      / 19.png and 30 more$/,
    )
  })
})
