import { seedDatabase } from '../../src/database/seed';
import { EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { createDatabase, SEEDED } from './test-database';

declare global {
  var embeddedPostgres: EmbeddedPostgres | undefined;
}

/** One server for all test files: TEST_DATABASE_URL, or the embedded one. Every file makes its own database. */
export default async function globalSetup(): Promise<void> {
  if (!process.env.TEST_DATABASE_URL) {
    globalThis.embeddedPostgres = await startEmbeddedPostgres();
    process.env.TEST_DATABASE_URL = globalThis.embeddedPostgres.url;
  }
  const template = await createDatabase(SEEDED);
  await seedDatabase(template.url);
}
