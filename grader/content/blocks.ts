/** One generated block of a README: a fence whose info string says what stands in it. */
export interface Block {
  /** `checks` or `waterfall` */
  kind: 'checks' | 'waterfall';
  /** words after the kind: `solution=02 path=/feed as=Iris` */
  settings: Record<string, string>;
  content: string;
}

const FENCE = /^```text (checks|waterfall)([^\n]*)\n([\s\S]*?)^```$/gm;

/** The generated blocks of a README, in order. */
export function blocksOf(readme: string): Block[] {
  return [...readme.matchAll(FENCE)].map((match) => ({
    kind: match[1] as Block['kind'],
    settings: settingsOf(match[2] ?? ''),
    content: match[3] ?? '',
  }));
}

/** The README with each block's content replaced by what `generate` gives for it. */
export async function withBlocks(
  readme: string,
  generate: (block: Block) => Promise<string>,
): Promise<string> {
  const contents: string[] = [];
  for (const block of blocksOf(readme)) contents.push(await generate(block));
  let at = 0;
  return readme.replace(FENCE, (_, kind: string, settings: string) => {
    const content = contents[at++] ?? '';
    return `\`\`\`text ${kind}${settings}\n${content.trimEnd()}\n\`\`\``;
  });
}

/**
 * A waterfall without what differs from run to run: numbers become one sign, bars and the width that they and the
 * numbers take are left out, and so are the rows of uncovered time, which are shown from a tenth of the trace on. Two
 * runs of the same tree give the same shape, on a quick machine and on a busy one.
 */
export function shapeOf(waterfall: string): string {
  return waterfall
    .split('\n')
    .filter((line) => !line.includes('(no span covers this)'))
    .map((line) =>
      line
        .replace(/\|[# ]*\|?\s*$/, '')
        .replace(/\b[0-9a-f]{8}\b/g, 'id')
        .replace(/-{8,}/g, '---')
        .replace(/\d+(?:\.\d+)?\s*ms/g, 'N ms')
        .replace(/\buser \d+/g, 'user N')
        .replace(/ +/g, ' ')
        .trimEnd(),
    )
    .join('\n')
    .trim();
}

/** `solution=02 path=/feed as=Iris`; a value with blanks stands in double quotes. */
function settingsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? match[3] ?? '',
    ]),
  );
}
