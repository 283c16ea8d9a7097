import { test } from 'node:test';
import { compareWithOracle } from './random-queries.ts';

/** Other queries each time. LAB_QUERIES asks for more of them, LAB_SEED repeats a run. */
const QUERIES = Number(process.env.LAB_QUERIES ?? 20_000);
const SEED = Number(process.env.LAB_SEED ?? Math.floor(Math.random() * 1e9));

test(`${QUERIES} random queries give the oracle's answers (LAB_SEED=${SEED})`, (t) =>
  compareWithOracle(t, { seed: SEED, queries: QUERIES }));
