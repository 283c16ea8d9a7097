export { type CodePair, codePairs } from './code-pairs.ts';
export {
  type Digests,
  digestsOf,
  hashTree,
  listFolder,
  listTree,
  TREE_PARTS,
  type TreeFiles,
} from './files.ts';
export { ownPlace, type TreePlace, WorkingTreeError } from './place.ts';
export {
  type Change,
  type Changed,
  changeWorkingTree,
  type OnStep,
  type Repair,
  repairText,
  repairWorkingTree,
} from './replace.ts';
export { readSnapshot, readSnapshots, type Snapshot, snapshotFiles } from './snapshot.ts';
export {
  chainFiles,
  optionalFiles,
  solutionFolders,
  solutionTree,
  type Tree,
  TreeError,
  treeAt,
  treeOfFiles,
  treeWithOptional,
  workingTree,
} from './tree.ts';
