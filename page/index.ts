export { KeptPage } from './build/kept-page.ts';
