export { LAB_PORT, type Lab, type LabHoneycomb, type LabOptions, startLab } from './lab.ts';
