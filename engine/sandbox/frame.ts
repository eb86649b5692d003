/** The frame around the worker. Its document has an opaque origin and a policy that lets nothing load (see `sandboxDocument`). */
declare const parent: unknown;

/** Starts the worker, hands it the port for jobs, and from then on only answers that it is alive. */
export function startFrame(source: string): void {
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  addEventListener(
    'message',
    (event: MessageEvent) => {
      const [jobs, pulse] = event.ports;
      if (event.source !== parent || jobs === undefined || pulse === undefined) return;
      worker.postMessage(null, [jobs]);
      // The worker may be busy for ever; the document beside it answers as long as their process lives.
      pulse.onmessage = () => {
        pulse.postMessage(null);
      };
    },
    { once: true },
  );
}

/**
 * The frame's document. `sha256` is the script's digest in base64: this script may run and what it makes itself (blobs), and nothing else may be
 * loaded or connected to.
 */
export function sandboxDocument(script: string, sha256: string): string {
  const policy = `default-src 'none'; script-src 'sha256-${sha256}' blob:; worker-src blob:; connect-src 'none'`;
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${script}</script>`;
}
