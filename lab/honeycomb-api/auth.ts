import type { Auth } from '../honeycomb/api.ts';

/** The lab is one environment of one team, for every key. */
const ENVIRONMENT = { name: 'lab', slug: 'lab' };
const TEAM = { name: 'Murmur', slug: 'murmur' };
const INGEST_KEY = /^(hc[a-z]ik_[0-9a-z]{26})[0-9a-z]*$/;

/** What a key may do: here everything. Only its kind is read from it, by its form; it is neither kept nor shown. */
export function describeKey(key: string): Auth {
  const own = { environment: ENVIRONMENT, team: TEAM };
  if (/^hc[a-z]ik_/.test(key))
    return {
      id: INGEST_KEY.exec(key)?.[1] ?? 'hcaik_lab',
      type: 'ingest',
      api_key_access: { createDatasets: true },
      ...own,
    };
  const all = [
    'events',
    'markers',
    'triggers',
    'boards',
    'queries',
    'columns',
    'createDatasets',
    'slos',
    'recipients',
    'privateBoards',
  ];
  const api_key_access = Object.fromEntries(all.map((permission) => [permission, true]));
  return { id: 'lab', type: 'configuration', api_key_access, ...own };
}
