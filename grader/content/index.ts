export { type Block, blocksOf, shapeOf, withBlocks } from './blocks.ts';
export { type CheckLine, checkBlock, declaredChecks } from './declared-checks.ts';
export { contentProblems, uselessFiles } from './rules.ts';
export { glossaryProblems, parseGlossary, readmeProblems, type Term, termProblems } from './terms.ts';
export { generateWaterfall } from './waterfalls.ts';
