// What is to be done: steps of the runbook and tasks, as one checklist.
import { post } from '../api/client.ts'
import type { TaskView } from '../api/types.ts'
import { say } from '../state/toasts.ts'
import { Time } from './time.tsx'

/** Nothing is said of a task that somebody just added. */
export const TASK_KIND_WORDS: Readonly<Record<TaskView['kind'], string>> = {
  task: '',
  'review-action': 'from the review',
  'runbook-step': 'runbook',
  fulfilment: 'fulfilment',
}

const Task = ({ task, onDone }: { task: TaskView; onDone: () => void }) => {
  const open = task.status === 'open'
  const toggle = (): void => {
    const path = `/api/v1/tasks/${encodeURIComponent(task.id)}/${open ? 'complete' : 'reopen'}`
    void post(path, {}).then((answer) => {
      if (!answer.ok) say(answer.refusal.detail, 'bad')
      onDone()
    })
  }
  const words = [TASK_KIND_WORDS[task.kind], open ? task.assignee : task.doneBy].filter(Boolean)
  return (
    <li>
      <label class="task">
        <input type="checkbox" checked={!open} onClick={toggle} />
        <span>
          <span class={open ? '' : 'task-over'}>{task.title}</span>
          {words.length > 0 && <span class="faint"> · {words.join(', ')}</span>}
          {task.doneAt !== undefined && (
            <span class="faint">
              {' · '}
              {task.status === 'dropped' && 'dropped '}
              <Time at={task.doneAt} form="clock" />
            </span>
          )}
        </span>
      </label>
    </li>
  )
}

interface TaskListProps {
  readonly tasks: readonly TaskView[]
  readonly onDone: () => void
}

export const TaskList = ({ tasks, onDone }: TaskListProps) => {
  const open = tasks.filter(({ status }) => status === 'open').length
  return tasks.length === 0 ? null : (
    <section class="block" aria-labelledby="tasks">
      <h2 id="tasks">
        Tasks, {open} of {tasks.length} open
      </h2>
      <ul class="tasks">
        {tasks.map((task) => (
          <Task key={task.id} task={task} onDone={onDone} />
        ))}
      </ul>
    </section>
  )
}
