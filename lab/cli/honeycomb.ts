import path from 'node:path';
import { EXIT_CODES, WorkshopError } from '@workshop/base';
import type { Command } from 'commander';
import { rememberAccount } from '../honeycomb/account.ts';
import { createApi } from '../honeycomb/api.ts';
import { type CheckReport, check } from '../honeycomb/check.ts';
import { createClient } from '../honeycomb/client.ts';
import { needConfigKey, needIngestKey, readConfig } from '../honeycomb/config.ts';
import { DEFAULT_ENVIRONMENT_NAME, readForwardState, writeForwardState } from '../honeycomb/forward/index.ts';
import { linksOfExercise, linksToSavedQueries, linkToTrace } from '../honeycomb/open.ts';
import { type PulledQuery, pull } from '../honeycomb/pull.ts';
import { type PushResult, push } from '../honeycomb/push.ts';
import { pushFields, pushSlos } from '../honeycomb/push-slos.ts';
import { readSavedQueries } from '../query/index.ts';
import { readSlos, type SloFiles } from '../slo/index.ts';
import type { CommandWorld } from './world.ts';

/**
 * Adds `honeycomb` with its commands. Exit codes: 1 Honeycomb says no or cannot be reached, 2 a missing key or wrong
 * usage.
 */
export function addHoneycombCommand(parent: Command, outside: CommandWorld): void {
  const scrub = (text: string) => withoutKeys(text, outside);
  const clean = cleanErrors(scrub);
  const world = { ...outside, out: (line: string) => outside.out(scrub(line)) };
  const { root, env, out } = world;
  const queries = path.join(root, 'queries');
  const config = () => readConfig(root, env);
  const api = () => {
    const settings = config();
    const onWait = (_reason: string, ms: number) =>
      world.err(`Honeycomb is busy. Next try in ${Math.ceil(ms / 1000)} s.`);
    const { endpoint } = settings;
    const key = needConfigKey(settings);
    return createApi(createClient({ endpoint, key, fetch: world.fetch, sleep: world.sleep, onWait }));
  };
  const program = parent
    .command('honeycomb')
    .description('Talks to Honeycomb. Optional: nothing in this workshop needs an account.')
    .helpCommand(false);

  program
    .command('check')
    .description('tells team, environment and what each key may do')
    .action(
      clean(async () => {
        const settings = config();
        if (!settings.configKey) needIngestKey(settings);
        const report = await check(settings, world.fetch);
        const known = report.keys.find((key) => key.auth)?.auth;
        if (known) rememberAccount(root, settings.endpoint, known);
        for (const line of describeCheck(report)) out(line);
        if (!report.ok)
          throw new WorkshopError('At least one key does not do what the workshop needs.', {
            exitCode: EXIT_CODES.failed,
          });
      }),
    );
  program
    .command('push')
    .description('brings queries/*.json to Honeycomb, with one board')
    .action(
      clean(async () => {
        const target = api();
        const files = readSavedQueries(queries);
        const own = soundSlos(queries);
        if (files.length + own.slos.length === 0)
          throw new WorkshopError('There is nothing to push: queries/ holds no .json file yet.');
        const fields = await pushFields(target, own.fields);
        for (const { did, name } of fields) out(`${did.padEnd(9)}  calculated field ${name}`);
        if (files.length > 0) {
          const result = await push(target, files, { learner: config().learner, sleep: world.sleep });
          for (const line of describePush(result)) out(line);
        }
        const { slos, notes } = await pushSlos(target, own.slos);
        for (const { did, name } of slos) out(`${did.padEnd(9)}  SLO "${name}"`);
        for (const note of notes) out(note);
      }),
    );
  program
    .command('pull')
    .description('fetches the queries that you saved in Honeycomb into queries/')
    .argument('[names...]', 'only these queries')
    .action(
      clean(async (names: string[]) => {
        for (const line of describePull(await pull(api(), queries, names))) out(line);
      }),
    );
  program
    .command('open')
    .description('prints links; needs no key')
    .argument('[exercise]', 'what this exercise shows in Honeycomb')
    .option('--trace <id>', 'the link to one trace')
    .action(
      clean((exercise: string | undefined, options: { trace?: string }) => {
        const settings = config();
        const links = options.trace
          ? [linkToTrace(root, settings, options.trace)]
          : exercise
            ? linksOfExercise(root, settings, exercise)
            : linksToSavedQueries(root, settings);
        out(links.map(({ title, url }) => `${title}\n  ${url}`).join('\n\n'));
      }),
    );
  program
    .command('forward')
    .description('sends what the lab receives to Honeycomb, too: on or off')
    .argument('[on|off]', 'without it: how it stands now')
    .option('--name <name>', 'your name, to tell your spans from your class')
    .action(
      clean((choice: string | undefined, options: { name?: string }) => {
        for (const line of forward(world, choice, options.name)) out(line);
      }),
    );
}

/** @throws WorkshopError that names each file with a problem: half of what is meant is not pushed */
function soundSlos(queries: string): SloFiles {
  const read = readSlos(queries);
  if (read.problems.length === 0) return read;
  throw new WorkshopError(read.problems.map(({ file, text }) => `queries/${file}: ${text}`).join('\n'));
}

/** The last net: whatever a text came from, the keys of this clone do not leave in it. */
function withoutKeys(text: string, { root, env }: CommandWorld): string {
  try {
    const { ingestKey, configKey } = readConfig(root, env);
    return [ingestKey, configKey].reduce((clean, key) => key?.scrub(clean) ?? clean, text);
  } catch {
    // Settings that cannot be read send nothing, so no answer can hold their keys.
    return text;
  }
}

/** Makes an action whose errors hold no key: they are said by whoever runs the command. */
function cleanErrors(scrub: (text: string) => string) {
  return <Parameters extends unknown[]>(action: (...parameters: Parameters) => Promise<void> | void) =>
    async (...parameters: Parameters): Promise<void> => {
      try {
        await action(...parameters);
      } catch (error) {
        if (error instanceof Error) {
          error.message = scrub(error.message);
          error.stack = scrub(error.stack ?? '');
        }
        throw error;
      }
    };
}

function forward(
  { root, env }: CommandWorld,
  choice: string | undefined,
  name: string | undefined,
): string[] {
  const before = readForwardState(root);
  const settings = readConfig(root, env);
  if (choice === 'on') {
    needIngestKey(settings);
    const state = { on: true, name: name ?? before.name };
    writeForwardState(root, state);
    return [
      `Forwarding is on, to ${settings.endpoint}.`,
      `Your spans carry deployment.environment.name = "${state.name ?? settings.learner ?? DEFAULT_ENVIRONMENT_NAME}".`,
      '',
      "Murmur's users are invented, so their data may leave this machine.",
      'With real users, do exercise 15 first.',
      'A lab that runs now follows within a second.',
    ];
  }
  if (choice === 'off') {
    writeForwardState(root, { ...before, on: false });
    return ['Forwarding is off.', 'Spans that still wait stay on disk until you turn it on again.'];
  }
  if (choice !== undefined) throw new WorkshopError(`"${choice}" is neither on nor off.`);
  return [`Forwarding is ${before.on ? 'on' : 'off'}.`];
}

function describeCheck({ endpoint, keys, warnings }: CheckReport): string[] {
  const blocks = keys.map(({ setting, ok, lines }) => [
    `${ok ? 'ok  ' : 'FAIL'}  ${setting}`,
    ...lines.map((l) => `      ${l}`),
    '',
  ]);
  return [`Asked ${endpoint}`, '', ...blocks.flat(), ...warnings];
}

function describePush({ queries, board, onlyOnBoard }: PushResult): string[] {
  const lines = queries.map(({ did, file, dataset }) => `${did.padEnd(9)}  ${file}  in ${place(dataset)}`);
  if (queries.some((q) => q.did === 'changed')) {
    lines.push(
      '',
      'A query cannot be changed in Honeycomb. A new one took its place.',
      'The old one is still there, marked "(replaced)".',
    );
  }
  lines.push('', `Board ${board.did}: ${board.name}`, ...(board.url ? [`  ${board.url}`] : []));
  for (const name of onlyOnBoard) lines.push(`Still on the board, but not in queries/: ${name}`);
  return lines;
}

function place(dataset: string): string {
  return dataset === '__all__'
    ? 'the whole environment'
    : `dataset ${dataset} (it asks about this service only)`;
}

function describePull(pulled: PulledQuery[]): string[] {
  if (pulled.length === 0) {
    return ['No saved query was found.', 'In Honeycomb: run a query, then choose Save and give it a name.'];
  }
  return pulled.flatMap(({ did, file, name, kept, notes }) => [
    `${did.padEnd(9)}  queries/${file}  "${name}"`,
    ...(kept ? [`           Your file was different. It is now queries/${kept}`] : []),
    ...notes.map((note) => `           ${note}`),
  ]);
}
