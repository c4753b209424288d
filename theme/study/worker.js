// The worker of a page, named after the WebAssembly module of its demos: passes messages between the
// module (`crates/page/src/worker.rs`) and the page (`runner.js`).

/** @type {typeof import('./reading.js') | undefined} Comes with the first file. */
let reading;

/** Throws a text: what is wrong. */
async function ensureReading() {
  try {
    reading ??= await import('./reading.js');
  } catch {
    throw 'The file was not read: a script did not load.';
  }
  return reading;
}

/** @param {string} file */
const wasmUrl = (file) => new URL(`../wasm/${file}`, import.meta.url);

/** @param {FromWorker} message @param {Transferable[]} [moved] */
const post = (message, moved = []) => postMessage(message, moved);

/** @type {Host} */
const studyHost = {
  asset: async (run, name) => (await ensureReading()).assetOf(run, name, post),
  file: (run, control) => reading?.bytesOf(run, control),
  offer(run, name, label, bytes) {
    // They lie in the memory of the module.
    const copy = bytes.slice();
    post({ type: 'event', run, event: { type: 'offer', name, label, bytes: copy } }, [copy.buffer]);
  },
};

Object.assign(self, { studyHost });

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
      const texts = await (await ensureReading()).textsOf(data, post);
      if (!texts) return;
      Object.assign(inputs, texts);
    } catch (message) {
      return post({ type: 'error', run, message: String(message) });
    }
  }
  await demos.start(run, demo, subject, backend, JSON.stringify(inputs));
  reading?.forget(run);
};
