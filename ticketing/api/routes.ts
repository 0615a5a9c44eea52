// The desk's HTTP API as one plugin; the runtime adds authentication, limits and the server.
import type { FastifyPluginAsync } from 'fastify'
import { heartbeatRoutes } from '../heartbeats/routes.ts'
import { alertmanagerSilenceRoutes } from './alertmanager-silences.ts'
import { changeRoutes } from './changes.ts'
import { ciRoutes } from './cis.ts'
import type { DeskRoutesOptions } from './context.ts'
import { decisionRoutes } from './decisions.ts'
import { incidentRoutes } from './incidents.ts'
import { muteRoutes } from './mutes.ts'
import { notificationRoutes } from './notifications.ts'
import { problemRoutes } from './problems.ts'
import { processRoutes } from './processes.ts'
import { readRoutes } from './reads.ts'
import { requestRoutes } from './requests.ts'
import { streamRoutes } from './stream.ts'
import { syncRoutes } from './sync.ts'
import { taskRoutes } from './tasks.ts'
import { installTeamLimits } from './team-limits.ts'
import { validatorCompiler } from './validation.ts'

export const deskRoutes =
  (options: DeskRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    installTeamLimits(app, options)
    incidentRoutes(app, options)
    decisionRoutes(app, options)
    problemRoutes(app, options)
    readRoutes(app, options)
    changeRoutes(app, options)
    ciRoutes(app, options)
    requestRoutes(app, options)
    processRoutes(app, options)
    muteRoutes(app, options)
    alertmanagerSilenceRoutes(app, options)
    notificationRoutes(app, options)
    syncRoutes(app, options)
    taskRoutes(app, options)
    heartbeatRoutes(app, options)
    streamRoutes(app, options)
  }
