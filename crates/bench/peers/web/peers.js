// Products of two square matrices, by this book's kernels and by three libraries: from the call
// until the numbers of the product are with the program.

import * as ort from './node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs';
import { defaultDevice, init, numpy } from './node_modules/@jax-js/jax/dist/index.js';

const { tf } = globalThis;

/** From −9 to 9, so that every sum is exact; as in `crates/bench/src/matmul.rs`. */
function wholeNumbers(size, seed) {
  return Float32Array.from({ length: size * size }, (_, i) => ((i * 7919 + seed) % 19) - 9);
}

function checksum(numbers) {
  return numbers.reduce((sum, number, i) => sum + number * (1 + (i % 7)), 0);
}

/** A kernel of the book, as its host runs it; sizes are multiples of 64. */
async function ours(size, a, b, file, entry, tile) {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const code = await (await fetch(file)).text();
  const compute = { module: device.createShaderModule({ code }), entryPoint: entry };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const upload = (numbers, usage) => {
    const buffer = device.createBuffer({ size: numbers.byteLength, usage: usage | COPY_DST });
    device.queue.writeBuffer(buffer, 0, numbers);
    return buffer;
  };
  const bytes = 4 * size * size;
  const c = device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC });
  const dims = upload(new Uint32Array([size, size, size, 0]), UNIFORM);
  const buffers = [upload(a, STORAGE), upload(b, STORAGE), c, dims];
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const read = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
  return async () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups((size / tile) ** 2);
    pass.end();
    encoder.copyBufferToBuffer(c, 0, read, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const numbers = new Float32Array(read.getMappedRange().slice(0));
    read.unmap();
    return numbers;
  };
}

async function tfjs(size, a, b) {
  await tf.setBackend('webgpu');
  await tf.ready();
  const [x, y] = [a, b].map((numbers) => tf.tensor2d(numbers, [size, size]));
  return async () => {
    const product = tf.matMul(x, y);
    const numbers = await product.data();
    product.dispose();
    return numbers;
  };
}

async function jax(size, a, b) {
  await init('webgpu');
  defaultDevice('webgpu');
  const [x, y] = [a, b].map((numbers) => numpy.array(numbers, { shape: [size, size] }));
  // An array is used up by what is computed from it; `ref` is one more.
  return () => numpy.matmul(x.ref, y.ref).data();
}

/** A model of one node, `c = MatMul(a, b)`, in the format of ONNX: fields of protocol buffers. */
function model() {
  const bytes = (field, content) => [(field << 3) | 2, content.length, ...content];
  const text = (field, content) => bytes(field, new TextEncoder().encode(content));
  const number = (field, value) => [field << 3, value];
  const FLOAT = 1;
  const value = (name) => [...text(1, name), ...bytes(2, bytes(1, number(1, FLOAT)))];
  const node = [...text(1, 'a'), ...text(1, 'b'), ...text(2, 'c'), ...text(4, 'MatMul')];
  const inputs = [...bytes(11, value('a')), ...bytes(11, value('b'))];
  const graph = [...bytes(1, node), ...text(2, 'g'), ...inputs, ...bytes(12, value('c'))];
  const opset = number(2, 13);
  return new Uint8Array([...number(1, 8), ...bytes(7, graph), ...bytes(8, opset)]);
}

async function onnx(size, a, b) {
  ort.env.wasm.wasmPaths = new URL('node_modules/onnxruntime-web/dist/', location.href).href;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model(), {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = await ort.env.webgpu.device;
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const [x, y] = [a, b].map((numbers) => {
    const usage = STORAGE | COPY_DST | COPY_SRC;
    const buffer = device.createBuffer({ size: numbers.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, numbers);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [size, size] });
  });
  return async () => {
    const { c } = await session.run({ a: x, b: y });
    return c.getData(true);
  };
}

const WAYS = {
  matmul_registers: (...rest) => ours(...rest, 'matmul_registers.wgsl', 'matmul_registers', 64),
  matmul_blocked: (...rest) => ours(...rest, 'matmul_blocked.wgsl', 'matmul_blocked', 64),
  tfjs,
  'onnxruntime-web': onnx,
  'jax-js': jax,
};

const ready = new Map();

/** The seconds of a product, and its checksum. The first is the one in which everything is set up. */
globalThis.measure = async (name, size) => {
  const key = `${name} ${size}`;
  if (!ready.has(key)) {
    ready.set(key, await WAYS[name](size, wholeNumbers(size, 3), wholeNumbers(size, 11)));
  }
  const start = performance.now();
  const numbers = await ready.get(key)();
  return [(performance.now() - start) / 1000, checksum(numbers)];
};
globalThis.ways = Object.keys(WAYS);
