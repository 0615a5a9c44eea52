// Builds the console into dist/console; `--mode fixtures` serves it with made-up data instead.
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'
import { fixtureApi } from './dev/plugin.ts'

/** Where `faultline serve` listens while somebody works on the console. */
const API_ORIGIN = 'http://127.0.0.1:8080'
const API_PATHS = ['/api', '/openapi.json', '/readyz', '/webhooks']

export default defineConfig(({ mode }) => ({
  plugins: [preact(), ...(mode === 'fixtures' ? [fixtureApi()] : [])],
  server: {
    host: '127.0.0.1',
    proxy: mode === 'fixtures' ? {} : Object.fromEntries(API_PATHS.map((p) => [p, API_ORIGIN])),
  },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The policy forbids inline code: every asset is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}))
