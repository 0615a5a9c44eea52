// Starts the console: theme first, then the page, then what keeps it alive.
import { render } from 'preact'
import { readCapabilities } from './api/capabilities.ts'
import { followChanges } from './api/live.ts'
import { readSession } from './api/session.ts'
import { App } from './app.tsx'
import { startClock } from './clock.ts'
import { startKeys } from './keys.ts'
import { startMenus } from './menus.ts'
import { startRouter } from './router.ts'
import { startActions } from './state/actions.ts'
import { takeChange } from './state/changes-heard.ts'
import { refreshNewest } from './state/incidents.ts'
import { startTheme } from './state/theme.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/parts.css'
import './styles/incidents.css'
import './styles/incident.css'
import './styles/graph.css'
import './styles/tables.css'

startTheme()
startClock()
startRouter()
startKeys()
startMenus()
startActions()
const root = document.getElementById('console')
if (root === null) throw new Error('index.html has no #console')
render(<App />, root)
void readCapabilities()
void readSession()
void followChanges({ changed: takeChange, refresh: refreshNewest })
