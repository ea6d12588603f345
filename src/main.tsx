import './session/scrub-at-start.ts'
import '@fontsource-variable/geist'
import '@fontsource-variable/geist-mono'
import './app/theme.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './app/app.tsx'
import { memoryOf } from './app/memory.ts'
import { createQueryClient } from './app/query-client.ts'
import { MemoryContext } from './polling/use-task-status.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <MemoryContext value={memoryOf}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </MemoryContext>
    </QueryClientProvider>
  </StrictMode>,
)
