// Preloaded into a process whose wall clock is to jump: each SIGUSR2 moves it an hour on or back.
const HOUR_MS = 3_600_000
const OFFSETS_MS = [HOUR_MS, 0, -HOUR_MS, 0]

const real = Date.now
let jumps = 0
let offsetMs = 0
Date.now = () => real() + offsetMs
process.on('SIGUSR2', () => {
  offsetMs = OFFSETS_MS[jumps++ % OFFSETS_MS.length]
})
