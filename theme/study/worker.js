// Holds the WebAssembly of a page's demos, off the page's thread; the worker is named after it. What
// it says comes from Rust (`wasm-demos/src/page.rs`); the page's side is `runner.js`.

import { stopReading, textsOf } from './reading.js';

const wasm = (file) => new URL(`../wasm/${file}`, import.meta.url);

async function load() {
  const demos = await import(wasm(`${self.name}.js`));
  await demos.default({ module_or_path: wasm(`${self.name}_bg.wasm`) });
  demos.prepare((json) => postMessage(JSON.parse(json)));
  return demos;
}

const loading = load();
loading.then(
  () => postMessage({ type: 'ready' }),
  (error) => postMessage({ type: 'broken', message: String(error?.message ?? error) }),
);

onmessage = async ({ data }) => {
  if (data.type === 'ping') return postMessage({ type: 'pong' });
  const demos = await loading.catch(() => null);
  if (!demos) return;
  if (data.type === 'cancel') {
    stopReading(data.run);
    demos.cancel(data.run);
    return;
  }
  const texts = await textsOf(data, (message) => postMessage(message));
  if (!texts) return;
  const { run, demo, subject, backend, inputs } = data;
  demos.start(run, demo, subject, backend, JSON.stringify({ ...inputs, ...texts }));
};
