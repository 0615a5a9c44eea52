// Passwords: what is stored, what fits, and that time does not tell which names exist.
import { describe, expect, test } from 'vitest'
import { createPasswords } from './passwords.ts'

const SETTINGS = { costLog2: 10, blockSize: 8, parallelism: 1, atOnceMax: 2, waitingMax: 3 }

describe('a password', () => {
  test('is kept as scrypt with its parameters and a salt of its own', async () => {
    const passwords = createPasswords(SETTINGS)
    const [one, other] = [await passwords.hash('secret'), await passwords.hash('secret')]
    expect(one).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(other)
    expect(await passwords.verify('secret', one)).toBe(true)
    expect(await passwords.verify('Secret', one)).toBe(false)
  })

  test('made with other parameters still fits', async () => {
    const old = await createPasswords({ ...SETTINGS, costLog2: 11, parallelism: 2 }).hash('secret')
    expect(await createPasswords(SETTINGS).verify('secret', old)).toBe(true)
  })

  test('is the same however its letters are composed', async () => {
    const passwords = createPasswords(SETTINGS)
    const hash = await passwords.hash('caf\u00e9')
    expect(await passwords.verify('cafe\u0301', hash)).toBe(true)
  })

  test.each([null, undefined, '', 'plain', '$scrypt$ln=10'])(
    'fits nothing stored as %j',
    async (stored) => {
      expect(await createPasswords(SETTINGS).verify('', stored)).toBe(false)
    },
  )

  test('costs as much to check where there is no hash', async () => {
    const passwords = createPasswords({ ...SETTINGS, costLog2: 14 })
    const hash = await passwords.hash('secret')
    const cost = async (stored: string | undefined) => {
      const { user, system } = process.cpuUsage()
      for (let times = 0; times < 5; times++) await passwords.verify('guess', stored)
      const used = process.cpuUsage({ user, system })
      return used.user + used.system
    }
    await cost(hash)
    const [known, unknown] = [await cost(hash), await cost(undefined)]
    // Without the check it would be less than a hundredth.
    expect(unknown).toBeGreaterThan(known / 4)
  })

  test('waits its turn, and beyond the limit is refused', async () => {
    const passwords = createPasswords(SETTINGS)
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.hash('x')))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(await passwords.hash('x')).toContain('$scrypt$')
  })
})
