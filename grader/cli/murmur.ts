import {
  absoluteUrl,
  endingWith,
  numberBetween,
  portNumber,
  positiveNumber,
  wholeNumber,
} from '@workshop/base/program';
import type { Command } from 'commander';
import type { StartOptions } from './start.ts';
import type { TrafficOptions } from './traffic.ts';

/** Murmur as it runs on a learner's machine, and those who use it. */
export function addMurmurCommands(program: Command): void {
  const milliseconds = numberBetween(0, 10_000, 'milliseconds');
  // A year either way: a clock beyond the years that a Date knows would not start.
  const skew = numberBetween(-31_536_000, 31_536_000, 'seconds');
  const share = numberBetween(0, 1, 'as a share');
  program
    .command('start')
    .description('Runs Murmur and the lab on this machine, and restarts what you save.')
    .option('--db-delay <ms>', 'how far away the database is, each way', milliseconds, 3)
    .option('--network <ms>', 'how far away the API is from its users, each way', milliseconds, 0)
    .option('--skew <seconds>', "by how much the API's clock is ahead (-5: behind)", skew)
    .option('--sample <share>', 'which share of their traces API and worker are told to keep, 0 to 1', share)
    .option('--no-page', 'leave out the page')
    .option('--no-lab', 'leave out the lab')
    .option('--store <address>', 'let the lab read a ClickHouse database: clickhouse://user@host:8123/otel')
    .option('--no-grader', 'leave out the grader that looks at every save')
    .option('--open', 'show the exercises in a browser')
    .option('--verbose', 'show also what Nest and Angular list at each start')
    .option('--api-port <port>', 'port of the API', portNumber, 3000)
    .option('--page-port <port>', 'port of the page', portNumber, 4200)
    .option('--lab-port <port>', 'port of the lab', portNumber, 4000)
    .option('--collector-port <port>', 'port that takes spans', portNumber, 4318)
    .action(endingWith(async (options: StartOptions) => (await import('./start.ts')).start(options)));
  program
    .command('traffic')
    .description('Many people use the Murmur that npm start runs.')
    .option('--minutes <number>', 'how long', positiveNumber(1_440), 1)
    .option('--rate <number>', 'requests a second (default: 5); not with --browser', positiveNumber(1_440))
    .option('--users <number>', 'how many people (default: 24, with --browser 5)', wholeNumber)
    .option('--api <url>', "address of Murmur's API", absoluteUrl, 'http://localhost:3000')
    .option('--browser', 'use the page in a browser that shows no window')
    .option(
      '--page <url>',
      "address of Murmur's page, for --browser (default: http://localhost:4200)",
      absoluteUrl,
    )
    .option('--seed <number>', 'the people and their doings of an earlier run', wholeNumber)
    .option('--rush', 'eight people publish at once, and nothing else')
    .option('--deploy', 'no traffic: plays a minute into the lab in which a new API came')
    .option(
      '--collector <url>',
      "address of the lab's collector, for --deploy",
      absoluteUrl,
      'http://localhost:4318',
    )
    .option('--reset', "no traffic: brings Murmur's data back, as on the first day")
    .action(endingWith(async (options: TrafficOptions) => (await import('./traffic.ts')).traffic(options)));
}
