import { expect, test } from 'vitest'
import {
  dividerAt,
  lensHeld,
  lensMovedBy,
  lensRadius,
  shapesDiffer,
  shareAt,
  slidBy,
} from './compare-math.ts'

const box = { left: 100, top: 0, right: 300, bottom: 50 }

test('the divider stays on the visible image', () => {
  expect(dividerAt(0.25, box)).toBe(150)
  expect(shareAt(150, box)).toBe(0.25)
  expect(shareAt(0, box)).toBe(0)
  expect(shareAt(999, box)).toBe(1)
  expect(shareAt(5, { ...box, right: box.left })).toBe(0.5)
})

test('keys move the divider to its ends and no further', () => {
  expect(slidBy('ArrowLeft', 0.01)).toBe(0)
  expect(slidBy('ArrowUp', 0.5)).toBe(0.52)
  expect(slidBy('PageDown', 0.5)).toBe(0.4)
  expect(slidBy('Home', 0.5)).toBe(0)
  expect(slidBy('End', 0.5)).toBe(1)
  expect(slidBy('c', 0.5)).toBeNull()
})

test('arrow keys move the lens, and it stays on the image', () => {
  expect(lensMovedBy('ArrowDown', { x: 1, y: 1 })).toEqual({ x: 1, y: 17 })
  expect(lensMovedBy('Enter', { x: 1, y: 1 })).toBeNull()
  expect(lensHeld({ x: 0, y: 80 }, box)).toEqual({ x: 100, y: 50 })
  expect(lensRadius({ width: 320, height: 400 })).toBe(77)
})

test('shapes differ from one percent on, whichever is wider', () => {
  const square = { width: 400, height: 400 }
  expect(shapesDiffer(square, { width: 1008, height: 1000 })).toBe(false)
  expect(shapesDiffer(square, { width: 1020, height: 1000 })).toBe(true)
  expect(shapesDiffer({ width: 1020, height: 1000 }, square)).toBe(true)
})
