/**
 * tsx tools/draw-icons.ts
 *
 * Draws the icons of the installed app from public/favicon.svg into public/icons/.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const file = (name: string) => fileURLToPath(new URL(`../public/${name}`, import.meta.url))
const rounded = await readFile(file('favicon.svg'), 'utf8')

/** For devices that cut the icon into a shape of theirs: the middle 80% stays visible. */
const full = rounded
  .replace(' rx="8"', '')
  .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
  .replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')

for (const [name, svg, size] of [
  ['192', rounded, 192],
  ['512', rounded, 512],
  ['maskable', full, 512],
  ['apple-touch', full, 180],
] as const) {
  await sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ palette: true, colours: 32, effort: 10 })
    .toFile(file(`icons/${name}.png`))
}
