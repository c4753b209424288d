// The worker of a page, named after the WebAssembly module of its demos: passes messages between the
// module (`crates/page/src/worker.rs`) and the page (`runner.js`).

/** @type {typeof import('./reading.js') | undefined} Comes with the first file. */
let reading;

/** @param {string} file */
const wasmUrl = (file) => new URL(`../wasm/${file}`, import.meta.url);

/** @param {FromWorker} message */
const post = (message) => postMessage(message);

async function load() {
  /** @type {DemosModule} */
  const demos = await import(wasmUrl(`${self.name}.js`).href);
  await demos.default({ module_or_path: wasmUrl(`${self.name}_bg.wasm`) });
  demos.prepare((json) => post(JSON.parse(json)));
  return demos;
}

const loading = load();
loading.then(
  () => post({ type: 'ready' }),
  (error) => post({ type: 'broken', message: String(error?.message ?? error) }),
);

/** @param {MessageEvent<ToWorker>} event */
onmessage = async ({ data }) => {
  if (data.type === 'ping') return post({ type: 'pong' });
  const demos = await loading.catch(() => null);
  if (!demos) return;
  if (data.type === 'cancel') {
    reading?.stopReading(data.run);
    demos.cancel(data.run);
    return;
  }
  const { run, demo, subject, backend, inputs, files } = data;
  if (Object.keys(files).length > 0) {
    try {
      reading ??= await import('./reading.js');
    } catch {
      return post({ type: 'error', run, message: 'The file was not read: a script did not load.' });
    }
    const texts = await reading.textsOf(data, post);
    if (!texts) return;
    Object.assign(inputs, texts);
  }
  demos.start(run, demo, subject, backend, JSON.stringify(inputs));
};
