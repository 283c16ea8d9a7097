import type { DevelopmentOptions } from '../development.ts';
import { runDevelopment } from '../run-development.ts';

/** `npm start` for the made-up Murmur of a test, with the options as JSON. */
const options = JSON.parse(process.argv[2]!) as DevelopmentOptions;
process.exit(
  await runDevelopment({
    ...options,
    shell: process.env,
    write: (text) => process.stdout.write(text),
    databasePurpose: 'grader',
  }),
);
