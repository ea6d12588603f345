import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { SaveState } from '../downloads/download-queue.ts'
import { FileAction } from './file-action.tsx'

const drawn = (save: SaveState) =>
  renderToStaticMarkup(
    createElement(FileAction, {
      url: 'https://host.example/1',
      title: 'dunes.png',
      name: 'dunes-4x.png',
      type: 'image/png',
      size: null,
      save,
      closed: false,
      fresh: null,
      onSave: () => {},
      onCancel: () => {},
    }),
  )

it('offers to cancel a download until the file is saved', () => {
  expect(drawn({ kind: 'fetching', received: 1, total: 2 })).toContain('Cancel the download')
  expect(drawn({ kind: 'checking', savedTo: null })).toContain('Cancel the download')
  const savedTo = { kind: 'downloads', name: 'dunes-4x.png' } as const
  expect(drawn({ kind: 'checking', savedTo })).not.toContain('Cancel the download')
})
