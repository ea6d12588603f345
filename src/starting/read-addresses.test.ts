import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWebLink } from '../upscayl/wire.ts'
import { readAddresses } from './read-addresses.ts'

const A = 'https://img.example/a.png'
const B = 'http://img.example/b.jpg?sig=x%2Fy&t=(1)'

describe('addresses', () => {
  it.each([
    [`${A}\n${B}`, [A, B]],
    [`  ${A} \t ${B}\r\n\r\n${A}`, [A, B]],
    [`"${A}",\n'${B}';`, [A, B]],
    [`<${A}> , [${B}]`, [A, B]],
    ['', []],
    [' ,\n ; ', []],
  ])('in %j are %j', (text, urls) => {
    expect(readAddresses(text)).toEqual({ urls, unread: [] })
  })

  it('leaves what is none as it is, a line each, with the reason', () => {
    const { urls, unread } = readAddresses(`See my cat: ${A}\nftp://x.example/a\n${B}`)
    expect(urls).toEqual([A, B])
    expect(unread).toEqual([
      { text: 'See my cat:', why: expect.stringContaining('http://') },
      { text: 'ftp://x.example/a', why: expect.stringContaining('http://') },
    ])
  })

  const piece = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string(),
    fc.constantFrom(A, ',', '\r\n', '\u00a0', '<', 'https://', 'javascript:x'),
  )
  const texts = fc
    .array(fc.tuple(piece, fc.constantFrom(' ', '\n', '\t', '')))
    .map((pieces) => pieces.flat().join(''))

  it('are web links, each once, and reading them again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { urls } = readAddresses(text)
        expect(urls.every(isWebLink)).toBe(true)
        expect(new Set(urls).size).toBe(urls.length)
        expect(readAddresses(urls.join('\n'))).toEqual({ urls, unread: [] })
      }),
    )
  })

  it('lose no letter of what they do not take', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { urls, unread } = readAddresses(text)
        const kept = unread.flatMap((one) => one.text.split(' '))
        for (const word of text.split(/\s+/)) {
          const taken = urls.some((url) => word.includes(url))
          expect(taken || kept.includes(word) || /^[<"'`[\](,;>]*$/.test(word)).toBe(true)
        }
        const again = readAddresses(unread.map((one) => one.text).join('\n'))
        expect(again).toEqual({ urls: [], unread })
      }),
    )
  })

  it('as anybody would write them are all found', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.webUrl(), { maxLength: 20 }), (urls) => {
        fc.pre(urls.every((url) => !/[\],;'"`>]$/.test(url)))
        expect(readAddresses(urls.join(', '))).toEqual({ urls, unread: [] })
      }),
    )
  })
})
