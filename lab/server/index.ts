export { LAB_PORT, type Lab, type LabOptions, startLab } from './lab.ts';
