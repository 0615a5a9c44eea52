// Changes as deployment tools report them: one object, an array, or a line each.
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Change } from '../domain/change.ts'
import { hash64 } from '../domain/hash.ts'
import type { Millis } from '../domain/time.ts'
import { itemsOf } from './fields.ts'
import type { Refusal } from './normalise.ts'
import { readTime } from './times.ts'

const time = () => Type.Union([Type.String({ maxLength: 64 }), Type.Number()])

export const changeSchema = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  ci: Type.String({ minLength: 1, maxLength: 256, description: 'CI id or name' }),
  type: Type.Optional(Type.String({ maxLength: 64, description: 'deployment, config, rfc …' })),
  summary: Type.String({ minLength: 1, maxLength: 1_024 }),
  startedAt: Type.Optional(time()),
  endedAt: Type.Optional(Type.Union([time(), Type.Null()])),
  link: Type.Optional(Type.String({ maxLength: 2_048 })),
})

const validChange = Compile(changeSchema)

export interface ReadChanges {
  readonly changes: readonly Change[]
  readonly refusals: readonly Refusal[]
}

/** A change without an id is named by its content, so that sending it again adds nothing. */
export const readChanges = (payload: unknown, receivedAt: Millis): ReadChanges => {
  const changes: Change[] = []
  const refusals: Refusal[] = []
  itemsOf(payload).forEach((item, index) => {
    if (!validChange.Check(item)) {
      const fault = validChange.Errors(item)[0]
      const detail = `${fault?.instancePath || 'the change'} ${fault?.message ?? 'is not valid'}`
      refusals.push({ index, reason: 'field-invalid', detail, item })
      return
    }
    const startedAt = readTime(item.startedAt) ?? receivedAt
    const endedAt = readTime(item.endedAt)
    if (Number.isNaN(startedAt) || Number.isNaN(endedAt) || (endedAt ?? startedAt) < startedAt) {
      refusals.push({ index, reason: 'time-invalid', detail: 'startedAt and endedAt', item })
      return
    }
    changes.push({
      id:
        item.id ??
        `chg-${hash64(JSON.stringify([item.ci, item.type, item.summary, item.startedAt]))}`,
      ci: item.ci,
      type: item.type?.toLowerCase() ?? 'change',
      summary: item.summary,
      startedAt,
      ...(endedAt === undefined ? undefined : { endedAt }),
      ...(/^https?:\/\//i.test(item.link ?? '') ? { link: item.link! } : undefined),
    })
  })
  return { changes, refusals }
}
