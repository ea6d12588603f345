import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTaskId } from '../../../core/api/task-id.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { DEFAULT_SETTINGS } from '../../uploads/task-settings.ts'
import type { Upload } from '../../uploads/upload.ts'
import { createJob } from '../../uploads/upload-job.ts'
import { planStarts, type Split, splitsOf } from './plan-starts.ts'

const SMALL: StartSettings = { ...DEFAULT_SETTINGS, scale: 2 }

/** A ready image; `task`: the earlier one, and how many images it had. */
function image(id: string, task: readonly [id: string, count: number] | null = null): Upload {
  const taskId = task && asTaskId(task[0])
  const earlier = task && taskId && { taskId, count: task[1], settings: null }
  return { ...createJob({ kind: 'url', url: `https://img.example/${id}` }, earlier).item, id }
}

const FILE: Upload = {
  ...createJob({ kind: 'file', file: new File([], 'a.png') }, null).item,
  id: 'file',
}

const plan = (uploads: readonly Upload[], split: Split, small: readonly string[] = []) =>
  planStarts(uploads, split, ({ id }) => (small.includes(id) ? SMALL : DEFAULT_SETTINGS)).map(
    ({ ids, settings, asGroup }) =>
      `${ids.join('+')} ${settings.scale}×${asGroup ? ' as one' : ''}`,
  )

const [a, b, c] = [image('a'), image('b', ['t1', 2]), image('c', ['t1', 2])]
const single = image('d', ['t2', 1])

describe('ways to split images', () => {
  it.each([
    ['one image', [a], [], 'each'],
    ['images', [a, image('e')], ['each', 'all'], 'each'],
    ['images of tasks of one', [a, single], ['each', 'all'], 'each'],
    ['two images for a task of one', [single, image('e', ['t2', 1])], ['each', 'all'], 'each'],
    ['images of one task', [b, c], ['each', 'all'], 'all'],
    ['images of one task and another', [a, b, c], ['before', 'each', 'all'], 'before'],
    ['one image of a task of several', [a, b], ['each', 'all'], 'each'],
    ['files and URLs', [a, FILE], ['each'], 'each'],
    ['files and URLs of one task', [FILE, b, c], ['before', 'each'], 'before'],
  ] as const)('%s', (_, uploads, offered, usual) => {
    expect(splitsOf(uploads, false)).toMatchObject({ offered, usual })
  })

  it('is one where the API takes one image per task', () => {
    expect(splitsOf([b, c], true)).toEqual({ offered: ['each'], usual: 'each', why: 'single-only' })
  })
})

describe('what is started', () => {
  it('are tasks of one image, those of the same settings at once', () => {
    expect(plan([a, b, c], 'each')).toEqual(['a+b+c 4×'])
    expect(plan([a, b, c], 'each', ['b'])).toEqual(['a+c 4×', 'b 2×'])
  })

  it('is one task for all', () => {
    expect(plan([a, b, c], 'all')).toEqual(['a+b+c 4× as one'])
  })

  it('are the tasks that there were before', () => {
    expect(plan([a, b, single, c], 'before', ['b', 'c'])).toEqual(['a+d 4×', 'b+c 2× as one'])
    expect(plan([a, b, single, c], 'before')).toEqual(['a+d 4×', 'b+c 4× as one'])
  })

  it('is each image once, whatever is chosen', () => {
    const task = fc.option(
      fc.tuple(fc.constantFrom('t1', 't2', 't3'), fc.integer({ min: 1, max: 3 })),
    )
    fc.assert(
      fc.property(
        fc.array(task),
        fc.constantFrom<Split>('each', 'all', 'before'),
        (tasks, split) => {
          const uploads = tasks.map((one, n) => image(`${n}`, one))
          const started = planStarts(uploads, split, ({ id }) =>
            Number(id) % 2 === 0 ? SMALL : DEFAULT_SETTINGS,
          ).flatMap(({ ids }) => ids)
          expect(started.toSorted()).toEqual(uploads.map(({ id }) => id).toSorted())
        },
      ),
    )
  })
})
