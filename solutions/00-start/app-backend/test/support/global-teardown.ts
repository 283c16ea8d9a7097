import { dropDatabase, SEEDED } from './test-database';

export default async function globalTeardown(): Promise<void> {
  if (globalThis.embeddedPostgres) {
    await globalThis.embeddedPostgres.stop();
  } else {
    await dropDatabase(SEEDED);
  }
}
