// Types of jars.mjs, for the tests.
export declare const KAFKA_VERSION: string
export declare const jarsPath: (version?: string) => string
export declare const fetchJars: (version?: string) => Promise<string>
