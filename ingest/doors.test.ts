// Who may come in at all: signed deliveries and SNS, numbered as in the list of faults.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSnsGate, snsSignedText } from './sns.ts'
import cloudwatch from './sources/cloudwatch.fixture.json' with { type: 'json' }
import { createTestEdge, NOW } from './testing/edge.ts'

const hmac = (secret: string, text: string) =>
  createHmac('sha256', secret).update(text).digest('hex')

describe('fault 16: signatures', () => {
  const body = JSON.stringify({ name: 'X' })
  const signedBy = (secret: string) => ({ 'x-hub-signature-256': `sha256=${hmac(secret, body)}` })
  const edgeOf = () => createTestEdge({}, { secrets: { native: ['new', 'old'], grafana: ['g'] } })

  test.each(['new', 'old'])('while a secret is rotated, "%s" is valid', async (secret) => {
    const edge = edgeOf()
    expect((await edge.post('/webhooks/native', body, signedBy(secret))).statusCode).toBe(200)
  })

  test.each([
    ['missing', {}, 'signature-missing'],
    ['of another secret', signedBy('guess'), 'signature-invalid'],
    ['not hex', { 'x-hub-signature-256': 'sha256=zz' }, 'signature-invalid'],
    ['empty', { 'x-hub-signature-256': '' }, 'signature-invalid'],
  ])('one that is %s is 401, and the body is not parsed', async (_what, headers, reason) => {
    const edge = edgeOf()
    const answer = await edge.post('/webhooks/native', '{not even JSON', headers)
    expect(answer.json()).toMatchObject({ status: 401, reason })
    expect(edge.log.records('dead-letters')).toEqual([])
  })

  test.each([
    ['now', 0, 200],
    ['ten minutes old', -600, 401],
    ['of the future', 600, 401],
  ])('a signed time that is %s', async (_what, offset, status) => {
    const edge = edgeOf()
    const time = String(NOW / 1_000 + offset)
    const alerts = JSON.stringify({ alerts: [{ status: 'firing', labels: { alertname: 'X' } }] })
    const answer = await edge.post('/webhooks/grafana', alerts, {
      'x-grafana-alerting-signature': hmac('g', `${time}:${alerts}`),
      'x-grafana-alerting-timestamp': time,
    })
    expect(answer.statusCode).toBe(status)
  })

  test('sources without a secret need no signature', async () => {
    const edge = edgeOf()
    expect((await edge.post('/v2/alerts', { message: 'x' })).statusCode).toBe(202)
  })
})

describe('fault 17: forged SNS', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const topic = cloudwatch.fire.TopicArn
  const [, subscription] = cloudwatch.ignored

  const signed = (message: object, version: '1' | '2' = '2'): Record<string, unknown> => {
    const envelope = {
      ...message,
      SignatureVersion: version,
      SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
    }
    const algorithm = version === '1' ? 'sha1' : 'sha256'
    const signature = sign(algorithm, Buffer.from(snsSignedText(envelope)), privateKey)
    return { ...envelope, Signature: signature.toString('base64') }
  }

  const edgeOf = (topicArns: readonly string[] = [topic]) => {
    const requests: string[] = []
    const gate = createSnsGate({
      topicArns,
      ageMaxMs: 3_600_000,
      fetchCertificate: async (url) => {
        requests.push(url)
        return pem
      },
      confirmSubscription: async (url) => void requests.push(url),
    })
    return { ...createTestEdge({}, { gates: { cloudwatch: gate } }), requests }
  }

  test.each(['1', '2'] as const)('signature version %s is verified and taken', async (version) => {
    const edge = edgeOf()
    const headers = { 'content-type': 'text/plain; charset=UTF-8' }
    const answer = await edge.post(
      '/webhooks/cloudwatch',
      signed(cloudwatch.fire, version),
      headers,
    )
    expect(answer.statusCode).toBe(200)
    expect(edge.events()).toMatchObject([{ name: 'orders-queue-depth' }])
  })

  test('a certificate is fetched once', async () => {
    const edge = edgeOf()
    for (const message of [cloudwatch.fire, cloudwatch.resolve])
      await edge.post('/webhooks/cloudwatch', signed(message))
    expect(edge.requests).toHaveLength(1)
  })

  test('a subscription is confirmed, once its signature holds', async () => {
    const edge = edgeOf()
    expect((await edge.post('/webhooks/cloudwatch', signed(subscription!))).statusCode).toBe(200)
    expect(edge.requests).toEqual([
      'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
      'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription',
    ])
  })

  test('fault 15: the same message again is refused as a replay, and a subscription confirmed once', async () => {
    const edge = edgeOf()
    for (const message of [signed(cloudwatch.fire), signed(subscription!)]) {
      expect((await edge.post('/webhooks/cloudwatch', message)).statusCode).toBe(200)
      const spaced = { ...message, Signature: `${message.Signature} ` }
      for (const again of [message, spaced]) {
        const answer = await edge.post('/webhooks/cloudwatch', again)
        expect(answer.json()).toMatchObject({ status: 409, reason: 'replay' })
      }
    }
    expect(edge.events()).toHaveLength(1)
    expect(edge.requests.filter((url) => url.includes('ConfirmSubscription'))).toHaveLength(1)
  })

  test.each(['2026-03-02T10:59:59Z', '2026-03-02T13:00:01Z', 'yesterday', undefined])(
    'fault 15: a message of %s is not of the last hour and refused',
    async (time) => {
      const edge = edgeOf()
      const answer = await edge.post(
        '/webhooks/cloudwatch',
        signed({ ...cloudwatch.fire, Timestamp: time }),
      )
      expect(answer.json()).toMatchObject({ status: 403, reason: 'sns-message-old' })
    },
  )

  const fire = signed(cloudwatch.fire)
  test.each([
    ['a foreign topic', { ...fire, TopicArn: 'arn:aws:sns:eu-central-1:6:evil' }],
    ['no topic', { ...fire, TopicArn: undefined }],
    [
      'a certificate elsewhere',
      { ...fire, SigningCertURL: 'https://evil.example/SimpleNotificationService-1.pem' },
    ],
    [
      'a look-alike host',
      {
        ...fire,
        SigningCertURL:
          'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
      },
    ],
    [
      'a host in the user part',
      {
        ...fire,
        SigningCertURL:
          'https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem',
      },
    ],
    [
      'another path',
      {
        ...fire,
        SigningCertURL:
          'https://sns.eu-central-1.amazonaws.com/mine/SimpleNotificationService-1.pem',
      },
    ],
    [
      'http',
      {
        ...fire,
        SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem',
      },
    ],
    [
      'the metadata address',
      { ...fire, SigningCertURL: 'https://169.254.169.254/SimpleNotificationService-1.pem' },
    ],
  ])('%s is 403, and no request goes out', async (_what, message) => {
    const edge = edgeOf()
    expect((await edge.post('/webhooks/cloudwatch', message)).statusCode).toBe(403)
    expect(edge.requests).toEqual([])
    expect(edge.events()).toEqual([])
  })

  test.each([
    ['a changed message', { ...fire, Message: '{"AlarmName":"forged","NewStateValue":"ALARM"}' }],
    ['no signature', { ...fire, Signature: undefined }],
    ['an unknown version', { ...fire, SignatureVersion: '3' }],
  ])('%s is 403', async (_what, message) => {
    const edge = edgeOf()
    const answer = await edge.post('/webhooks/cloudwatch', message)
    expect(answer.json()).toMatchObject({ status: 403, reason: 'sns-signature-invalid' })
  })

  test('a subscription that points inside is not confirmed, though it were signed', async () => {
    const edge = edgeOf()
    const inside = signed({ ...subscription, SubscribeURL: 'http://169.254.169.254/latest' })
    const answer = await edge.post('/webhooks/cloudwatch', inside)
    expect(answer.json()).toMatchObject({ status: 403, reason: 'sns-subscription-foreign' })
    expect(edge.requests).toHaveLength(1)
  })

  test('without configured topics nothing of SNS is believed', async () => {
    const edge = edgeOf([])
    const answer = await edge.post('/webhooks/cloudwatch', fire)
    expect(answer.json()).toMatchObject({ status: 403, reason: 'sns-topic-unknown' })
  })

  test('a certificate out of reach is 502 and asked for again', async () => {
    let tries = 0
    const gate = createSnsGate({
      topicArns: [topic],
      ageMaxMs: 3_600_000,
      fetchCertificate: async () => {
        tries += 1
        if (tries === 1) throw new Error('no route')
        return pem
      },
      confirmSubscription: async () => {},
    })
    const edge = createTestEdge({}, { gates: { cloudwatch: gate } })
    expect((await edge.post('/webhooks/cloudwatch', fire)).statusCode).toBe(502)
    expect((await edge.post('/webhooks/cloudwatch', fire)).statusCode).toBe(200)
  })
})
