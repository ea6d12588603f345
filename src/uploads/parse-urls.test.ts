import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWebLink } from '../../core/api/file-links.ts'
import { parseUrls } from './parse-urls.ts'

const A = 'https://img.example/a.png'
const B = 'http://img.example/b.jpg?sig=x%2Fy&t=(1)'

describe('parseUrls', () => {
  it.each([
    [`${A}\n${B}`, [A, B]],
    [`  ${A} \t ${B}\r\n\r\n${A}`, [A, B]],
    [`"${A}",\n'${B}';`, [A, B]],
    [`<${A}> , [${B}]`, [A, B]],
    ['', []],
    [' ,\n ; ', []],
  ])('in %j are %j', (text, urls) => {
    expect(parseUrls(text)).toEqual({ urls, unread: [] })
  })

  it('keeps what is not a URL as it is, one line each, with the reason', () => {
    const { urls, unread } = parseUrls(`See my cat: ${A}\nftp://x.example/a\n${B}`)
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

  it('finds web URLs once each, and parsing them again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { urls } = parseUrls(text)
        expect(urls.every(isWebLink)).toBe(true)
        expect(new Set(urls).size).toBe(urls.length)
        expect(parseUrls(urls.join('\n'))).toEqual({ urls, unread: [] })
      }),
    )
  })

  it('loses no character of the lines it rejects', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { urls, unread } = parseUrls(text)
        const kept = unread.flatMap((one) => one.text.split(' '))
        for (const word of text.split(/\s+/)) {
          const taken = urls.some((url) => word.includes(url))
          expect(taken || kept.includes(word) || /^[<"'`[\](,;>]*$/.test(word)).toBe(true)
        }
        const again = parseUrls(unread.map((one) => one.text).join('\n'))
        expect(again).toEqual({ urls: [], unread })
      }),
    )
  })

  it('finds every URL in text as people write it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.webUrl(), { maxLength: 20 }), (urls) => {
        fc.pre(urls.every((url) => !/[\],;'"`>]$/.test(url)))
        expect(parseUrls(urls.join(', '))).toEqual({ urls, unread: [] })
      }),
    )
  })
})
