import { silence, type Understood } from '../../../upscayl/read-answer.ts'
import { readReply } from '../../../upscayl/read-reply.ts'
import type { RecordedAnswer, Recording } from '../../../upscayl/recording.ts'
import { replyAt } from '../../../upscayl/replay.ts'
import type { Answered } from '../following.ts'

/** A recording, ready to be shown at any of its times (epoch ms). */
export interface Film {
  readonly answers: readonly Answered[]
  readonly from: number
  readonly to: number
  /** When something changes: questions sent and answers come, ascending. */
  readonly cuts: readonly number[]
}

/** The last answer is to be seen for a while. */
const TAIL = 10_000

/** `base`: where the stand-ins for pictures are, without a slash at the end. */
export function filmOf({ answers }: Recording, base: string): Film {
  const read = answers.map((answer) => ({
    askedAt: answer.askedAt,
    answeredAt: answer.answeredAt,
    answer: understood(answer, base),
  }))
  const cuts = [...new Set(answers.flatMap(({ askedAt, answeredAt }) => [askedAt, answeredAt]))]
  return {
    answers: read,
    from: cuts[0] ?? 0,
    to: (cuts[cuts.length - 1] ?? 0) + TAIL,
    cuts,
  }
}

function understood(answer: RecordedAnswer, base: string): Understood {
  return answer.kind === 'silence'
    ? silence(answer.why)
    : readReply(replyAt(answer.reply, { base, shift: 0 }), answer.answeredAt)
}

/** How many answers have come by then. */
export const answersBy = ({ answers }: Film, at: number): number =>
  answers.filter(({ answeredAt }) => answeredAt <= at).length
