export { driveTree, type Grading, gradeTree, judgeEvidence } from './grading.ts';
