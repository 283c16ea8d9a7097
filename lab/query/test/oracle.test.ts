import { test } from 'node:test';
import { compareWithOracle } from './random-queries.ts';

/** The same ones each time, so that a red suite is about the change; `npm run test:soak` draws new ones. */
const SEED = Number(process.env.LAB_SEED ?? 20_261_122);

test(`2,000 random queries give the oracle's answers (LAB_SEED=${SEED})`, (t) =>
  compareWithOracle(t, { seed: SEED, queries: 2_000 }));
