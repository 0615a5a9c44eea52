// Vite's part of the fixture: the made-up API in front of the development server.
import type { Plugin } from 'vite'
import { createFixtureApi } from './api.ts'

export const fixtureApi = (): Plugin => ({
  name: 'faultline-fixture-api',
  configureServer(server) {
    const api = createFixtureApi({ now: Date.now() })
    server.middlewares.use((request, response, next) => {
      api.handle(request, response).then((handled) => handled || next(), next)
    })
  },
})
