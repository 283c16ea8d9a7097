export { hashTree, listFolder, listTree, TREE_PARTS, type TreeFiles } from './files.ts';
export {
  chainFiles,
  repository,
  solutionFolders,
  solutionTree,
  type Tree,
  TreeError,
  treeAt,
  treeOfFiles,
  workingTree,
  workshopDirectory,
} from './tree.ts';
