import { readFile } from 'node:fs/promises';
import { WorkshopError } from '@workshop/base';
import { writeAtomically } from '@workshop/base/files';
import type { Evidence } from './format.ts';
import { evidenceText, parseWithNumbers } from './text.ts';

/**
 * Writes evidence as one JSON file, whole or not at all, and its folder. The disk may do its part later: beside a database
 * that was just made, waiting for it takes as long as judging, and what a power cut takes another grading gives.
 */
export async function writeEvidence(path: string, evidence: Evidence): Promise<void> {
  await writeAtomically(path, `${evidenceText(evidence)}\n`, { durable: false });
}

/**
 * Reads evidence that an earlier run wrote.
 * @throws WorkshopError when the file is missing, no JSON, or of another schema
 */
export async function readEvidence(path: string): Promise<Evidence> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new WorkshopError(
      `There is no evidence file at ${path}. A grading writes it and its JSON report names it.`,
    );
  }
  let value: unknown;
  try {
    value = parseWithNumbers(text);
  } catch (error) {
    throw new WorkshopError(
      `${path} is not JSON (${(error as Error).message}). Grade again to get a whole file.`,
    );
  }
  if (!isEvidence(value)) {
    throw new WorkshopError(
      `${path} is JSON, but not evidence of schema 1. Give the file that a grading wrote.`,
    );
  }
  return value;
}

function isEvidence(value: unknown): value is Evidence {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Evidence>;
  return (
    candidate.schema === 1 &&
    typeof candidate.exercise === 'string' &&
    Number.isSafeInteger(candidate.seed) &&
    typeof candidate.tree === 'object' &&
    Array.isArray(candidate.spans) &&
    Array.isArray(candidate.requests) &&
    Array.isArray(candidate.processes) &&
    Array.isArray(candidate.wire)
  );
}
