import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '@workshop/base/json';
import { nearestName } from '@workshop/telemetry';
import { Ajv } from 'ajv';
import { type BurnAlert, Slo } from '../api/index.ts';
import { type CalculatedField, QueryError, readCalculatedFields, type SavedField } from '../query/index.ts';
import { type SchemaError, schemaProblems } from '../server/schema-problems.ts';

/** The folder beside the saved queries. */
const FOLDER = 'slos';
const isSlo = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(Slo);

export interface SloFile extends Slo {
  /** file name without the folder, `feed-is-fast.json` */
  file: string;
}

export interface SloFiles {
  slos: SloFile[];
  /** files that hold none */
  problems: { file: string; text: string }[];
  /** what the SLIs may be */
  fields: SavedField[];
}

/**
 * The SLOs that are kept beside the queries, one in a file of `queries/slos/`, in the form of Honeycomb's API:
 * `{"name", "sli": {"alias"}, "time_period_days", "target_per_million", "burn_alerts": [...]}`. Its SLI is a calculated
 * field of `queries/calculated-fields/`, true for a good event, false for a bad one, null for one that does not count.
 * A broken file takes no other with it.
 * @param queries the folder of the saved queries
 */
export function readSlos(queries: string): SloFiles {
  const dir = path.join(queries, FOLDER);
  const read: SloFiles = { slos: [], problems: [], fields: [] };
  try {
    read.fields = readCalculatedFields(queries);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    read.problems.push(
      ...error.problems.map(({ field, description }) => ({ file: field, text: description })),
    );
  }
  if (!existsSync(dir)) return read;
  for (const file of readdirSync(dir).sort()) {
    if (!file.endsWith('.json')) continue;
    const slo = sloIn(path.join(dir, file), read.fields);
    if (typeof slo === 'string') read.problems.push({ file: `${FOLDER}/${file}`, text: slo });
    else if (read.slos.some(({ name }) => name === slo.name))
      read.problems.push({ file: `${FOLDER}/${file}`, text: `the name "${slo.name}" is used twice` });
    else read.slos.push({ file, ...slo });
  }
  return read;
}

/** The SLO in a file, or what is wrong with the file. */
function sloIn(file: string, fields: readonly CalculatedField[]): Slo | string {
  const read = readJson(readFileSync(file, 'utf8'));
  if ('problem' in read) return `this is not JSON: ${read.problem}`;
  const { value } = read;
  if (!isSlo(value))
    return schemaProblems(isSlo.errors as SchemaError[], 'the file')
      .map(({ field, description }) => `${field}: ${description}${hintAt(field)}`)
      .join('\n');
  const slo = value as Slo;
  const faults = (slo.burn_alerts ?? []).flatMap((alert, index) => alertFaults(alert, index, slo));
  const { alias } = slo.sli;
  const names = fields.map(({ name }) => name);
  if (!names.includes(alias)) {
    const near = nearestName(alias, names)?.candidate;
    const hint = near ? `did you mean ${near}?` : 'write it into queries/calculated-fields/';
    faults.push(`sli.alias: there is no calculated field "${alias}"; ${hint}`);
  }
  return faults.length > 0 ? faults.join('\n') : slo;
}

/** A target is mostly thought of in percent. */
function hintAt(field: string): string {
  return field === 'target_per_million' ? '; 99.9 % are 999000' : '';
}

/** What belongs to one type of alert alone. */
function alertFaults(alert: BurnAlert, index: number, slo: Slo): string[] {
  const {
    alert_type: type,
    exhaustion_minutes: exhaustion,
    budget_rate_window_minutes: window,
    budget_rate_decrease_threshold_per_million: threshold,
  } = alert;
  const at = `burn_alerts[${index}]`;
  if (type === 'exhaustion_time') {
    if (exhaustion === undefined) return [`${at}.exhaustion_minutes: it is missing`];
    return window === undefined && threshold === undefined
      ? []
      : [`${at}: an alert of the type exhaustion_time has exhaustion_minutes alone`];
  }
  const missing = [
    ...(window === undefined ? ['budget_rate_window_minutes'] : []),
    ...(threshold === undefined ? ['budget_rate_decrease_threshold_per_million'] : []),
  ].map((field) => `${at}.${field}: it is missing`);
  if (exhaustion !== undefined)
    missing.push(`${at}: an alert of the type budget_rate has no exhaustion_minutes`);
  if (window !== undefined && window > slo.time_period_days * 1_440)
    missing.push(`${at}.budget_rate_window_minutes: it is at most the SLO's own period`);
  return missing;
}
