import { describe } from 'vitest'
import { behaviour } from './behaviour.ts'
import { openOnNode } from './on-node.ts'
import { openOnWorkerd } from './on-workerd.ts'

describe.each([
  ['Node', openOnNode],
  ['workerd', openOnWorkerd],
])('on %s', (_, open) => behaviour(open))
