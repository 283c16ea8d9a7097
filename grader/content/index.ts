export { type Block, blocksOf, shapeOf, withBlocks } from './blocks.ts';
export { type CheckLine, checkBlock, declaredChecks } from './declared-checks.ts';
export { contentProblems, uselessFiles } from './rules.ts';
export { generateWaterfall } from './waterfalls.ts';
