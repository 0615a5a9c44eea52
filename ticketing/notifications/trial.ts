// Trying a rule or a channel out: a message of its own that goes the way of every other.
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { notifications } from '../store/schema.ts'
import type { Message } from './channels/channel.ts'
import { channelAt, type NotificationSettings } from './settings.ts'

const Name = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

/** One of the two. */
export const TrialBody = Type.Object({ rule: Name, channel: Name }, { additionalProperties: false })

/** What the body names, as a channel's or rotation's name; or what is wrong with it. */
const named = (
  { rules, channels }: NotificationSettings,
  { rule, channel }: { rule?: string; channel?: string },
): { name: string } | { fault: string } => {
  if ((rule === undefined) === (channel === undefined))
    return { fault: 'name either a rule or a channel' }
  if (channel !== undefined)
    return channels[channel] === undefined
      ? { fault: `there is no channel ${channel}; known: ${Object.keys(channels).join(', ')}` }
      : { name: channel }
  const found = rules.find(({ name }) => name === rule)
  return found === undefined
    ? { fault: `there is no rule ${rule}; known: ${rules.map(({ name }) => name).join(', ')}` }
    : { name: found.channel }
}

export const trial: Command = {
  body: TrialBody,
  async apply(work, { id: commandId, at, actor, body }) {
    const settings = work.settings.notifications
    const found = named(settings, body)
    if ('fault' in found) return { outcome: refuse('invalid', found.fault) }
    const channel = channelAt(settings, found.name, at)
    const id = `test-${hash64(commandId)}`
    const message: Message = {
      event: 'test',
      incidentId: id,
      number: 'TEST',
      title: 'A test of this channel',
      status: 'test',
      priority: 'P5',
      severity: 'info',
      scope: 'default',
      text: `${actor} tries this channel out. Nothing is broken.`,
      at,
      cis: [],
      alertCount: 0,
    }
    await work.sql
      .insert(notifications)
      .values({
        id,
        sequence: work.next('notification'),
        incidentId: id,
        rule: typeof body.rule === 'string' ? body.rule : 'test',
        channel,
        event: 'test',
        status: 'pending',
        message,
        dueAt: at,
        createdAt: at,
        attempts: 0,
      })
      .onConflictDoNothing()
    return { outcome: { kind: 'applied', target: id, result: { channel } }, after: { channel } }
  },
}
