/** Second names that Honeycomb knows. */
export const ALIASES: Readonly<Record<string, string>> = {
  HAS_VALUE: 'EXISTS',
  PREFIX: 'STARTS_WITH',
  SUFFIX: 'ENDS_WITH',
};

/** The name under which a function is known here. */
export function functionName(name: string): string {
  return ALIASES[name] ?? name;
}
