// Plain JavaScript, since this must run where nothing is installed yet and Node may be too old for the rest.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
const installed = existsSync(
  fileURLToPath(new URL('../../node_modules/.package-lock.json', import.meta.url)),
);

if (!installed || !runsTypeScript) {
  if (installed) console.log(`missing  Node         Version ${process.versions.node} is too old.`);
  else console.log('missing  Packages     They are not installed.');
  console.log('                      To do: run npm ci. It also brings the right Node.');
  process.exit(1);
}
try {
  const { runWorkshop } = await import('./workshop.ts');
  process.exit(await runWorkshop(['doctor', ...process.argv.slice(2)]));
} catch (error) {
  console.log(`missing  Packages     A part of them is missing: ${String(error.message).split('\n')[0]}`);
  console.log('                      To do: run npm ci.');
  process.exit(1);
}
