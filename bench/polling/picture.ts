/** tsx bench/polling/picture.ts: draws docs/schedule.svg from one simulated task. */
import { writeFileSync } from 'node:fs'
import { PLAIN } from './measure.ts'
import { LOUPE } from './peers.ts'
import { seeded } from './random.ts'
import { simulate } from './simulate.ts'
import { job } from './world.ts'

const WIDTH = 720
const HEIGHT = 300
const LEFT = 48
const BOTTOM = 250
const TOP = 40

const task = job(seeded(11), 'a', 0, { profile: 'stall', pace: 3 })
const outcome = simulate(LOUPE, [task], { ...PLAIN, seed: 1 }).outcomes[0]
const seen = outcome?.seen ?? []
const known = outcome?.known ?? task.end

const x = (at: number) => Math.round(LEFT + ((WIDTH - LEFT - 16) * at) / (known * 1.03))
const y = (progress: number) => Math.round(BOTTOM - ((BOTTOM - TOP) * progress) / 100)
const truth = Array.from({ length: 200 }, (_, index) => {
  const at = (task.end * index) / 200
  return `${x(at)},${y(task.status(at).progress)}`
}).join(' ')
const requests = [...seen.map((one) => one.at), known]
const marks = requests.map((at) => `<path d="M${x(at)} ${BOTTOM + 6}v12"/>`).join('')
const dots = seen.map((one) => `<circle cx="${x(one.at)}" cy="${y(one.progress ?? 0)}" r="3"/>`)

writeFileSync(
  new URL('../../docs/schedule.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#666">
<title>Progress of a task that pauses halfway, and when it is checked</title>
<text x="${LEFT}" y="20">Progress as it is (line) and as it was seen (dots); below, one mark for each check</text>
<path d="M${LEFT} ${TOP}V${BOTTOM}H${WIDTH - 16}" fill="none" stroke="#999"/>
<text x="8" y="${TOP + 4}">100 %</text><text x="24" y="${BOTTOM}">0</text>
<polyline points="${truth}" fill="none" stroke="#999" stroke-width="1.5"/>
<path d="M${x(task.end)} ${TOP}V${BOTTOM}" stroke="#c60" stroke-dasharray="4 3"/>
<text x="${x(task.end) - 28}" y="${TOP - 4}" fill="#c60">end</text>
<g fill="#06c">${dots.join('')}</g><g stroke="#06c" stroke-width="1.5">${marks}</g>
<text x="${LEFT}" y="${BOTTOM + 38}">${Math.round(task.end / 1000)} s of work, ${requests.length} checks, known ${((known - task.end) / 1000).toFixed(1)} s after the end</text>
</svg>
`,
)
