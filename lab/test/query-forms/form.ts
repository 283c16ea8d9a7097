/**
 * What others write for Honeycomb, as forms: each query here is our own, about Murmur, in a form that is seen in a
 * public source. `seen` names the source, by these letters:
 *
 *   TF    Honeycomb's Terraform provider: its examples, docs and validation
 *   MCP   Honeycomb's MCP server and its guides for agents
 *   SP    its Terraform starter packs (OpenTelemetry, Refinery) and resource samples
 *   DOCS  docs.honeycomb.io: query specification, relational fields, calculated field reference, common issues
 *   API   the OpenAPI document
 */
export interface Form {
  name: string;
  seen: string;
  query: unknown;
  /**
   * What the lab has to do: answer; refuse, as Honeycomb does, naming this place (`filters[0].op`) and no other; or
   * refuse because the query reads metrics, of which the lab has none.
   */
  expected: 'answered' | { refusedAt: string } | 'metrics';
}

/** Forms from one source that have to be answered, by name. */
export function answered(seen: string, queries: Readonly<Record<string, unknown>>): Form[] {
  return Object.entries(queries).map(([name, query]) => ({ name, seen, query, expected: 'answered' }));
}

/** Forms from one source that have to be refused: the place, and the query. */
export function refused(
  seen: string,
  queries: Readonly<Record<string, readonly [refusedAt: string, query: unknown]>>,
): Form[] {
  return Object.entries(queries).map(([name, [refusedAt, query]]) => ({
    name,
    seen,
    query,
    expected: { refusedAt },
  }));
}
