import { Type } from '@sinclair/typebox';

/** A route that asks for a key in the place of the lab's own header. Honeycomb's document describes it, not the lab's. */
const config = { honeycomb: true };
const hidden = { hide: true };

export const OF_ALL = { config, schema: hidden };
export const OF_ID = { config, schema: { ...hidden, params: Type.Object({ id: Type.String() }) } };
export const OF_DATASET = {
  config,
  schema: { ...hidden, params: Type.Object({ dataset: Type.String() }) },
};
export const OF_ONE = {
  config,
  schema: { ...hidden, params: Type.Object({ dataset: Type.String(), id: Type.String() }) },
};

/** The lab's address as the client knows it: the guard has seen that this is one of its own names. */
export function addressOf({ headers }: { headers: { host?: string } }): string {
  return `http://${headers.host}`;
}
