import { readDatabaseUrl } from '../config/app-config';
import { applyMigrations } from './migrations';

/** `npm run migrate`: applies what is missing and exits. */
async function main(): Promise<void> {
  const applied = await applyMigrations(readDatabaseUrl(process.env));
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date.');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
