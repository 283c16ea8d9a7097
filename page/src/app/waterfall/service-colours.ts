/** How many `--service-N` styles.css has. */
const COLOURS = 8;
/** Murmur's own keep theirs in every trace. */
const OWN: Record<string, number> = { 'murmur-web': 0, 'murmur-api': 1, 'murmur-worker': 2 };

/**
 * A colour for each service, by its name, so that it has the same one in every trace; two of one trace share a colour
 * only when there are more services than colours.
 */
export function serviceColours(services: Iterable<string>): Map<string, number> {
  const inOrder = [...services];
  const colours = new Map<string, number>();
  const taken = new Set<number>();
  for (const service of [...inOrder].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
    let colour = OWN[service] ?? hashOf(service) % COLOURS;
    for (let tries = 1; taken.has(colour) && tries < COLOURS; tries++) colour = (colour + 1) % COLOURS;
    taken.add(colour);
    colours.set(service, colour);
  }
  return new Map(inOrder.map((service) => [service, colours.get(service) ?? 0]));
}

function rank(service: string): number {
  return service in OWN ? 0 : 1;
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}
