import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSavedQueries, type SavedQuery } from '../query/index.ts';
import { sampleSpans } from '../test/sample-spans.ts';
import { recordLab } from './contract/lab-scenario.ts';
import { findOperation, type OpenApiDocument, operationsOf, parseDocument } from './contract/openapi.ts';
import type { RecordedExchange } from './contract/record.ts';
import { recordAll } from './contract/scenario.ts';
import { ContractValidator } from './contract/validate.ts';

/** What of Honeycomb's document the lab serves, cut from it. */
const EXCERPT = path.join(import.meta.dirname, '..', 'honeycomb-api', 'document', 'openapi.json');

/**
 * `npm run test:contract`: sends every kind of request of the workshop to the stand-in, and every operation that the lab
 * has of Honeycomb's API to the lab, and checks each with its answer against Honeycomb's OpenAPI document: the whole
 * one in a file (`-- FILE`), or the part of it that is kept here. Exit codes: 0 all agree, 1 some do not, 2 no usable
 * file.
 */
async function main(file = EXCERPT): Promise<number> {
  let document: OpenApiDocument;
  try {
    document = parseDocument(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`${file}: ${(error as Error).message}`);
    return 2;
  }
  const saved = savedQueries();
  const { exchanges, stopped } = await recordAll(saved);
  console.log('The workshop with the stand-in');
  let failed = report(document, exchanges, new ContractValidator(document));
  if (stopped) console.log(`The stand-in stopped the run: ${stopped}`);

  const ofLab = await recordLab(saved, sampleSpans({ requests: 60, endMs: Date.now() }));
  console.log('\nClients with the lab');
  failed += report(document, ofLab, new ContractValidator(document, 'the lab'));
  const asked = new Set(ofLab.map((exchange) => kindOf(document, exchange)));
  const missing = operationsOf(parseDocument(readFileSync(EXCERPT, 'utf8')))
    .map(({ method, template }) => `${method.padEnd(4)} ${template}`)
    .filter((kind) => !asked.has(kind));
  for (const kind of missing) console.log(`FAIL  ${kind}  was not asked`);

  console.log('\notlp: not part of the document; its format is checked by the stand-in.');
  failed += missing.length;
  if (failed > 0) console.log(`${failed} kinds of request do not agree with the document.`);
  if (failed > 0 || stopped) return 1;
  console.log('Every request agrees with the document.');
  return 0;
}

/** @returns how many kinds of request have a fault */
function report(
  document: OpenApiDocument,
  exchanges: readonly RecordedExchange[],
  validator: ContractValidator,
): number {
  const kinds = new Map<string, { requests: number; faults: Set<string> }>();
  for (const exchange of exchanges) {
    const kind = kindOf(document, exchange);
    const seen = kinds.get(kind) ?? { requests: 0, faults: new Set() };
    kinds.set(kind, seen);
    seen.requests++;
    // OTLP has its own specification; the document describes the rest.
    if (!isOtlp(exchange)) for (const fault of validator.validate(exchange)) seen.faults.add(fault);
  }
  for (const [kind, { requests, faults }] of kinds) {
    const verdict = faults.size > 0 ? 'FAIL' : kind.endsWith('/v1/traces') ? 'otlp' : 'ok  ';
    console.log(`${verdict}  ${kind}  (${requests})`);
    for (const fault of faults) console.log(`      ${fault}`);
  }
  return [...kinds.values()].filter(({ faults }) => faults.size > 0).length;
}

function isOtlp({ path: sent }: RecordedExchange): boolean {
  return sent === '/v1/traces';
}

function kindOf(document: OpenApiDocument, { method, path: sent }: RecordedExchange): string {
  const operation = findOperation(document, method, sent);
  return `${method.padEnd(4)} ${typeof operation === 'string' ? sent : operation.template}`;
}

/** The workshop's own queries go through the same check: those of the learner and those of the solutions. */
function savedQueries(): SavedQuery[] {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const solutions = path.join(root, 'solutions');
  const dirs = existsSync(solutions)
    ? readdirSync(solutions).map((name) => path.join(solutions, name, 'queries'))
    : [];
  const named = new Map<string, SavedQuery>();
  for (const dir of [...dirs, path.join(root, 'queries')]) {
    for (const saved of readSavedQueries(dir)) named.set(saved.name, saved);
  }
  return [...named.values()];
}

process.exitCode = await main(process.argv[2]);
