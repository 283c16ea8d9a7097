import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Reading and compiling the grader's own files takes longer than judging; kept, it takes half as long. The learner's
// processes are not touched by it.
enableCompileCache(join(import.meta.dirname, '../../.workshop/compile-cache'));
await import('./grade-command.ts');
