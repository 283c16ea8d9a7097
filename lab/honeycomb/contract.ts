import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSavedQueries, type SavedQuery } from '../query/index.ts';
import { findOperation, parseDocument } from './contract/openapi.ts';
import type { RecordedExchange } from './contract/record.ts';
import { recordAll } from './contract/scenario.ts';
import { ContractValidator } from './contract/validate.ts';

/**
 * `npm run test:contract -- FILE`: sends every kind of request of the workshop to the stand-in and checks each
 * against Honeycomb's OpenAPI document. Exit codes: 0 all agree, 1 some do not, 2 no usable file.
 */
async function main(file: string | undefined): Promise<number> {
  if (!file) {
    console.error('Give the path of Honeycomb’s OpenAPI document (JSON): npm run test:contract -- FILE');
    return 2;
  }
  let validator: ContractValidator;
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(readFileSync(file, 'utf8'));
    validator = new ContractValidator(document);
  } catch (error) {
    console.error(`${file}: ${(error as Error).message}`);
    return 2;
  }
  const kinds = new Map<string, { requests: number; faults: Set<string> }>();
  const { exchanges, stopped } = await recordAll(savedQueries());
  for (const exchange of exchanges) {
    const kind = kindOf(document, exchange);
    const seen = kinds.get(kind) ?? { requests: 0, faults: new Set() };
    kinds.set(kind, seen);
    seen.requests++;
    // OTLP has its own specification; the document describes the rest.
    if (!isOtlp(exchange)) for (const fault of validator.validate(exchange)) seen.faults.add(fault);
  }
  let failed = 0;
  for (const [kind, { requests, faults }] of kinds) {
    const verdict = faults.size > 0 ? 'FAIL' : kind.endsWith('/v1/traces') ? 'otlp' : 'ok  ';
    console.log(`${verdict}  ${kind}  (${requests})`);
    for (const fault of faults) console.log(`      ${fault}`);
    if (faults.size > 0) failed++;
  }
  console.log('\notlp: not part of the document; its format is checked by the stand-in.');
  if (failed > 0) console.log(`${failed} kinds of request do not agree with the document.`);
  if (stopped) console.log(`The stand-in stopped the run: ${stopped}`);
  if (failed > 0 || stopped) return 1;
  console.log('Every request agrees with the document.');
  return 0;
}

function isOtlp({ path: sent }: RecordedExchange): boolean {
  return sent === '/v1/traces';
}

function kindOf(
  document: ReturnType<typeof parseDocument>,
  { method, path: sent }: RecordedExchange,
): string {
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
