import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownLines } from '../index.ts';

test('Markdown is wrapped anew for the screen: paragraphs and items, never code', () => {
  const code = `import './${'long'.repeat(12)}';`;
  const markdown = `One two three\nfour five.\n\n- item one goes on\n  and on and on\n- two\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
  assert.deepEqual(markdownLines(markdown, { width: 20, plain: true, colour: false }), [
    'One two three four',
    'five.',
    '',
    '- item one goes on',
    '  and on and on',
    '- two',
    '',
    `    ${code}`,
  ]);
});
