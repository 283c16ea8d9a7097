/** What Murmur reads from its environment, checked once at boot. */
export class AppConfig {
  private constructor(
    readonly host: string,
    readonly port: number,
    readonly databaseUrl: string,
    readonly sessionSecret: string,
    readonly pageOrigin: string,
    /** the names under which the API answers, without a port */
    readonly allowedHosts: readonly string[],
  ) {}

  /** @throws Error with a message for a person when a variable is missing or unusable */
  static fromEnvironment(env: NodeJS.ProcessEnv): AppConfig {
    return new AppConfig(
      env.HOST ?? '127.0.0.1',
      readPort(env.PORT),
      readDatabaseUrl(env),
      readSessionSecret(env),
      env.PAGE_ORIGIN ?? 'http://localhost:4200',
      readAllowedHosts(env.ALLOWED_HOSTS),
    );
  }
}

function readPort(value = '3000'): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT must be a number from 0 to 65535, but it is "${value}".`);
  }
  return port;
}

/** @throws Error with a message for a person when it is missing */
export function readDatabaseUrl({ DATABASE_URL }: NodeJS.ProcessEnv): string {
  if (!DATABASE_URL) {
    throw new Error(
      'DATABASE_URL is not set. Murmur needs a PostgreSQL, for example postgres://user@127.0.0.1:5432/murmur',
    );
  }
  return DATABASE_URL;
}

/** Who knows the secret can sign in as anybody, so one that stands in the code is for a developer's machine only. */
function readSessionSecret({ SESSION_SECRET, NODE_ENV = 'development' }: NodeJS.ProcessEnv): string {
  if (SESSION_SECRET) {
    return SESSION_SECRET;
  }
  if (NODE_ENV !== 'development' && NODE_ENV !== 'test') {
    throw new Error(
      `SESSION_SECRET is not set. Where NODE_ENV is "${NODE_ENV}", Murmur needs one of its own.`,
    );
  }
  return 'only-for-development';
}

/** This machine's own names, and those in the list. */
function readAllowedHosts(list = ''): string[] {
  const more = list.split(',').map((name) => name.trim().toLowerCase());
  return ['localhost', '127.0.0.1', '[::1]', ...more.filter((name) => name !== '')];
}
