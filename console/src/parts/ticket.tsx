// What the page of any ticket is made of: read live, headed alike, acted upon alike.
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { post } from '../api/client.ts'
import type { ProblemJson } from '../api/types.ts'
import { timesHeard } from '../state/changes-heard.ts'
import { useResource } from '../state/resource.ts'
import { say } from '../state/toasts.ts'
import { ActionBar, type ActionForms } from './action-bar.tsx'
import type { FormBody } from './fields.tsx'
import { Refusal } from './refusal.tsx'

interface Ticket {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly version: number
  readonly actions: readonly string[]
}

/** Reads the ticket again whenever something is heard of it. */
export const useTicket = <T extends Ticket>(list: string, id: string) => {
  const address = `/api/v1/${list}/${encodeURIComponent(id)}`
  // An address may name it by its number; what is heard names it by its id.
  const [known, setKnown] = useState(id)
  const resource = useResource<T>(address, timesHeard(known))
  const ticket = resource.data
  useEffect(() => {
    if (ticket !== undefined) setKnown(ticket.id)
  }, [ticket?.id])
  useEffect(() => {
    if (ticket !== undefined) document.title = `${ticket.number} ${ticket.title} · Faultline`
  }, [ticket?.number, ticket?.title])
  return resource
}

/**
 * Carries an action out and says what was refused.
 * @param overwriting actions that undo what somebody else may just have written: they carry the version
 */
export const useTicketActions = (
  list: string,
  ticket: Ticket,
  onDone: () => void,
  overwriting: readonly string[] = [],
) =>
  useCallback(
    (action: string, body: FormBody): void => {
      const address = `/api/v1/${list}/${encodeURIComponent(ticket.id)}/${action}`
      const options = overwriting.includes(action) ? { version: ticket.version } : {}
      void post(address, body, options).then((answer) => {
        if (!answer.ok) say(answer.refusal.detail, 'bad')
        onDone()
      })
    },
    [list, ticket.id, ticket.version],
  )

interface TicketHeadProps {
  readonly ticket: Ticket
  /** Address and title of the list that it belongs to. */
  readonly list: { readonly href: string; readonly title: string }
  readonly marks: ComponentChildren
  readonly forms: ActionForms
  readonly onAct: (action: string, body: FormBody) => void
  readonly children?: ComponentChildren
}

export const TicketHead = ({ ticket, list, marks, forms, onAct, children }: TicketHeadProps) => (
  <header class="incident-head">
    <p class="crumbs">
      <a href={list.href}>{list.title}</a> / <span class="num">{ticket.number}</span>
    </p>
    <h1>{ticket.title}</h1>
    <p class="incident-marks">{marks}</p>
    {children}
    <ActionBar number={ticket.number} forms={forms} legal={ticket.actions} onAct={onAct} />
  </header>
)

interface NotYetProps {
  readonly refusal: ProblemJson | undefined
  /** `problem`, as in "No problem to show". */
  readonly what: string
}

/** The page while there is nothing to show: still reading, or refused. */
export const NotYet = ({ refusal, what }: NotYetProps) => (
  <main class="page" id="page" aria-busy={refusal === undefined}>
    {refusal !== undefined && <Refusal refusal={refusal} what={what} />}
  </main>
)
