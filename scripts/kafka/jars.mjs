// Fetches the Kafka server's jars from Maven Central into a cache folder, once a version.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The newest broker that kafkajs 2.2.4 works with: see runtime/adapters/kafka-log/README.md. */
export const KAFKA_VERSION = '4.3.1'

export const jarsPath = (version = KAFKA_VERSION) => join(ROOT, '.cache', `kafka-${version}`)

const pom = (version) => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>faultline</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
      <scope>runtime</scope>
      <exclusions>
        <!-- Only the console tools use it, and for 4.4.0 it is not on Maven Central. -->
        <exclusion>
          <groupId>org.apache.kafka</groupId>
          <artifactId>kafka-tools-api</artifactId>
        </exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
`

const run = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output = (output + text).slice(-4_000)
      })
    child.once('error', (error) =>
      reject(error.code === 'ENOENT' ? new Error(`${command} is needed and missing`) : error),
    )
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}\n${output}`)),
    )
  })

/**
 * @param {string} version
 * @returns {Promise<string>} the folder with the jars
 */
export const fetchJars = async (version = KAFKA_VERSION) => {
  const target = jarsPath(version)
  if (existsSync(target)) return target
  const partial = `${target}.partial-${process.pid}`
  await mkdir(partial, { recursive: true })
  try {
    await writeFile(join(partial, 'pom.xml'), pom(version))
    await run('mvn', [
      '-B',
      '-q',
      '-f',
      join(partial, 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${partial}`,
    ])
    // Whoever else fetched the same version in the meantime made the same folder.
    await rename(partial, target).catch((error) => {
      if (!existsSync(target)) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return target
}
