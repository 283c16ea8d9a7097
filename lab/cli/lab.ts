#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startLab } from '../server/index.ts';
import { fail } from './failure.ts';

/** `npm run lab`: the lab alone, until Ctrl-C. */
const program = new Command('npm run lab --')
  .description('Collects traces, keeps them, answers queries. Everything stays on this machine.')
  .option('--port <number>', 'port of the HTTP API', port, 4000)
  .option('--otlp-port <number>', 'port that takes OTLP over HTTP', port, 4318)
  .option('--dir <folder>', 'where the data is kept', '.workshop/lab')
  .option('--origin <origin...>', 'pages that may send spans', [
    'http://localhost:4200',
    'http://127.0.0.1:4200',
  ])
  .parse();
const options = program.opts<{ port: number; otlpPort: number; dir: string; origin: string[] }>();

try {
  const lab = await startLab({
    dir: resolve(options.dir),
    port: options.port,
    otlpPort: options.otlpPort,
    allowedOrigins: options.origin,
  });
  console.log(
    `The lab runs.\n\n  Send spans to   ${lab.otlpUrl}/v1/traces\n  HTTP API        ${lab.url}/openapi.json\n  Data            ${lab.store.path}\n\nStop it with Ctrl-C.`,
  );
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    lab.close().then(
      () => process.exit(0),
      (error) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  fail(error);
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('A port is 0 to 65535.');
  return value;
}
