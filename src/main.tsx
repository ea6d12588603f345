import './session/strip-key-at-startup.ts'
import '@fontsource-variable/geist'
import '@fontsource-variable/geist-mono'
import './app/theme.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App, loadPage } from './app/app.tsx'
import { preloadParts } from './app/preload-parts.ts'
import { tolerateTranslation } from './lib/browser/translation.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

// React Query repeats nothing on its own: a request can cost credits. What polls says so (src/tasks).
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

const app = (
  <StrictMode>
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>
)

preloadParts()
tolerateTranslation()
// Until then the page shows the static shell (src/app/shell.tsx), which the first render replaces.
// Not awaited here: chunks of pages import this one, so they would wait for each other.
void loadPage(location.pathname).then(() => createRoot(root).render(app))
