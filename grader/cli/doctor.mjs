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
  process.exitCode = await (await import('./doctor.ts')).doctor();
} catch (error) {
  if (error.code === 'ERR_MODULE_NOT_FOUND') {
    console.log(`missing  Packages     A part of them is missing: ${String(error.message).split('\n')[0]}`);
    console.log('                      To do: run npm ci.');
  } else console.error(error.message);
  process.exitCode = 1;
}
// A driver of the database or the browser may keep a timer.
process.exit();
