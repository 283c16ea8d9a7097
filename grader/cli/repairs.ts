import { repairText, repairWorkingTree } from '../tree/index.ts';

/** Ends a move that was interrupted, if there is one, and says so: before anything looks at the working tree. */
export async function sayRepairs(): Promise<void> {
  const repaired = await repairWorkingTree();
  if (repaired) console.log(`${repairText(repaired)}\n`);
}
