import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const ICON = fileURLToPath(new URL('../src/ui/icon.ts', import.meta.url))

/** Removes code from packages that every page would load and Loupe never uses. */
export const smallerPackages = (): Plugin[] => [
  {
    name: 'unused-router-parts',
    apply: 'build',
    transform: {
      filter: { id: /\/react-router\/dist\/production\// },
      // Properties set on components, and the calls that create them, would keep unused ones in
      // the bundle.
      handler: (code) =>
        code
          .replace(/^\w+\.(?:displayName|contextType) = .*;$/gm, '')
          .replace(/= (?=React\d*\.(?:forwardRef|createContext|memo)\()/g, '= /* @__PURE__ */ '),
    },
  },
  {
    name: 'unused-query-parts',
    apply: 'build',
    load: {
      filter: { id: /\/query-core\/build\/modern\/infiniteQueryBehavior\.js$/ },
      handler: () => `export const infiniteQueryBehavior = () => {
        throw new Error('Loupe has no infinite queries.')
      }
      export { infiniteQueryBehavior as hasNextPage, infiniteQueryBehavior as hasPreviousPage }`,
    },
  },
  {
    name: 'plain-icons',
    apply: 'build',
    load: {
      filter: { id: /\/lucide-react\/dist\/esm\/createLucideIcon\.mjs$/ },
      handler: () => `export { createIcon as default } from ${JSON.stringify(ICON)}`,
    },
    transform: {
      filter: { id: /\/lucide-react\/dist\/esm\/icons\// },
      handler: (code) =>
        code
          .replace(/^__iconData\.node;$/m, '')
          .replace(/^ {2}(?:name|size|aliases): .*$/gm, '')
          .replace(/, key: "\w+"/g, ''),
    },
  },
]
