//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use attention::example::score_by_score;
use candle_core::{Device as CandleDevice, Tensor};
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use kv_cache::{Sizes, run_decode_attention};
use page::Lab;

/// A text of three tokens in room for four, and four heads that share two of keys.
const SIZES: Sizes = Sizes { batch: 1, n_heads: 4, n_kv_heads: 2, t: 3, capacity: 4, d: 2, d_v: 2 };
const Q: [f32; 8] = [0.0, 0.0, 2.0, 0.0, 0.0, 2.0, 3.0, 3.0];
const K: [f32; 16] =
    [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 9.0, 9.0, 0.0, 1.0, 1.0, 0.0, -1.0, 1.0, 9.0, 9.0];
const V: [f32; 16] =
    [1.0, 0.0, 2.0, 0.0, 3.0, 3.0, 9.0, 9.0, 0.0, 1.0, 0.0, 2.0, 4.0, 4.0, 9.0, 9.0];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: kv_cache::DECODE_ATTENTION_STUB,
        },
        judged_by: kv_cache::KERNEL_LAB,
        kernel: "decode_attention",
        example: "these four heads",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "decode-attention-kernel-lab",
        title: "Kernel lab: one token looks at the cache, in WGSL",
        lesson: "kv-cache",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let Sizes { n_heads, n_kv_heads, t, capacity, d, d_v, .. } = SIZES;
    let room = |x: &[f32], width| -> candle_core::Result<Tensor> {
        Tensor::from_slice(x, (n_kv_heads, capacity, width), &CandleDevice::Cpu)?.narrow(1, 0, t)
    };
    // The heads of a group are the queries of their keys.
    let q = Tensor::from_slice(&Q, (n_kv_heads, n_heads / n_kv_heads, d), &CandleDevice::Cpu)?;
    let wanted = score_by_score(&q, &room(&K, d)?, &room(&V, d_v)?, None)?;
    let wanted = wanted.flatten_all()?.to_vec1::<f32>()?;
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_decode_attention(gpu, source, [&Q, &K, &V], SIZES).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// The queries and what they got.
fn table(results: &[(&str, &[f32])]) -> View {
    let group = SIZES.n_heads / SIZES.n_kv_heads;
    let columns = ["head", "keys of head", "of", "number 0", "number 1"].map(Into::into).into();
    let mut rows = Vec::new();
    for head in 0..SIZES.n_heads {
        for (of, values) in [("q", &Q[..])].iter().chain(results) {
            let mut cells =
                vec![Cell::from(head.to_string()), Cell::from((head / group).to_string())];
            cells.push(Cell::from(*of));
            let numbers = values[head * SIZES.d..(head + 1) * SIZES.d].iter();
            cells.extend(numbers.map(|&v| Cell::Number(format::number(f64::from(v)))));
            rows.push(cells);
        }
    }
    View::Table { label: "Four heads of one token at a cache of three".into(), columns, rows }
}
