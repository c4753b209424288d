//! Write the attention kernel in the page; the lesson's checks judge it on the reader's GPU.

use attention::{Sizes, run_attention, solution};
use candle_core::{Device as CandleDevice, Tensor};
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use page::Lab;

/// Two queries that stand at the end of three keys.
const SIZES: Sizes = Sizes { rows: 1, t_q: 2, t_k: 3, d: 4, d_v: 2 };
const Q: [f32; 8] = [2.0, 0.0, 2.0, 0.0, 0.0, 3.0, 0.0, 1.0];
const K: [f32; 12] = [1.0, 0.0, 1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 3.0];
const V: [f32; 6] = [1.0, 0.0, 0.0, 10.0, 5.0, 5.0];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: attention::ATTENTION_STUB,
        },
        judged_by: attention::KERNEL_LAB,
        kernel: "attention",
        example: "two queries and three keys",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "attention-kernel-lab",
        title: "Kernel lab: attention in WGSL",
        lesson: "attention",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let Sizes { t_q, t_k, d, d_v, .. } = SIZES;
    let tensor = |x: &[f32], shape| Tensor::from_slice(x, shape, &CandleDevice::Cpu);
    let (q, k, v) = (tensor(&Q, (t_q, d))?, tensor(&K, (t_k, d))?, tensor(&V, (t_k, d_v))?);
    let mask = solution::causal_mask(t_q, t_k)?;
    let wanted = solution::sdpa(&q, &k, &v, Some(&mask))?.flatten_all()?.to_vec1::<f32>()?;
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_attention(gpu, source, [&Q, &K, &V], SIZES, true).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// The queries and what they take.
fn table(results: &[(&str, &[f32])]) -> View {
    let Sizes { t_q, t_k, d_v, .. } = SIZES;
    let mut columns = vec!["query".to_owned(), "sees".into(), "out".into()];
    columns.extend((0..d_v).map(|c| format!("number {c}")));
    let mut rows = Vec::new();
    for i in 0..t_q {
        for (of, values) in results {
            let sees = format!("keys 0 to {}", t_k - t_q + i);
            let mut cells = vec![Cell::from(i.to_string()), sees.into(), Cell::from(*of)];
            let numbers = values[i * d_v..(i + 1) * d_v].iter();
            cells.extend(numbers.map(|&x| Cell::Number(format::number(f64::from(x)))));
            rows.push(cells);
        }
    }
    View::Table { label: "Two queries over three keys, causal".into(), columns, rows }
}
