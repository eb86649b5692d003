/**
 * Everything that runs in the learner's frame, as one classic script (src/integrations/grading.ts bundles it). The frame's document runs it first
 * and starts a worker from the very same text; the worker is the realm of the learner's code.
 */
import { startFrame } from './frame.ts';
import { startWorker } from './worker.ts';

declare const document: { readonly currentScript: { readonly textContent: string } } | undefined;

if (typeof document === 'undefined') startWorker();
else startFrame(document.currentScript.textContent);
