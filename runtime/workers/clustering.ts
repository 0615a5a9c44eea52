// The worker thread of the batch pass: k-means may take seconds, and the pipeline must not wait.
import { parentPort, workerData } from 'node:worker_threads'
import { clusterSignatures, type SignatureRow } from '../../correlator/problems/clustering.ts'

const lists = workerData as readonly (readonly SignatureRow[])[]
parentPort?.postMessage(lists.flatMap((rows) => clusterSignatures(rows)))
