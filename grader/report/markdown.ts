import { labelled, type Screen } from '@workshop/base/terminal';

/**
 * The Markdown of our own hints and closing words for a terminal: paragraphs and list items are wrapped anew to the
 * screen, code stays as it is, without its fences.
 */
export function markdownLines(markdown: string, screen: Screen): string[] {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let inCode = false;
  const flush = (): void => {
    const [, label = '', first = ''] = /^(\s*(?:[-*]|\d+\.) )?(.*)$/s.exec(paragraph.join(' ')) ?? [];
    if (paragraph.length > 0) lines.push(...labelled(label, first, screen));
    paragraph = [];
  };
  for (const line of markdown.trim().replaceAll('\r\n', '\n').split('\n')) {
    if (/^\s*```/.test(line)) {
      flush();
      inCode = !inCode;
    } else if (inCode) lines.push(`    ${line}`.trimEnd());
    else if (line.trim() === '') {
      flush();
      lines.push('');
    } else {
      if (/^\s*(?:[-*]|\d+\.) /.test(line)) flush();
      paragraph.push(paragraph.length === 0 ? line.trimEnd() : line.trim());
    }
  }
  flush();
  return lines;
}
