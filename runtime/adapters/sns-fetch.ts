// The two requests that Amazon SNS needs of a receiver; the gate has checked the address before.
import type { SnsOptions } from '../../ingest/sns.ts'

const TIMEOUT_MS = 5_000
const CERTIFICATE_CHARACTERS_MAX = 32 * 1024

/** A redirect could lead anywhere, so none is followed. */
const get = async (url: string): Promise<Response> => {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { redirect: 'error', signal })
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`)
  return response
}

export const snsFetch: Pick<SnsOptions, 'fetchCertificate' | 'confirmSubscription'> = {
  fetchCertificate: async (url) => {
    const text = await (await get(url)).text()
    if (text.length > CERTIFICATE_CHARACTERS_MAX) throw new Error('the certificate is too long')
    return text
  },
  confirmSubscription: async (url) => {
    const response = await get(url)
    await response.body?.cancel()
  },
}
