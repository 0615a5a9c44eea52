// One seed for every property test, so that a run can be repeated; another one explores further:
// FAULTLINE_SEED=$RANDOM npm test
import fc from 'fast-check'

const DEFAULT_SEED = 20_260_301

fc.configureGlobal({ seed: Number(process.env.FAULTLINE_SEED ?? DEFAULT_SEED) })
