//! NF4: quantizing against bitsandbytes on one thread, and products on packed weights
//! against those of weights in f32.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use gpu::Gpu;
use grading::block_on;
use matrix_multiplication::fast::Variant;
use matrix_multiplication::{Dims, Kernel, Product};
use qlora::solution::{dequantize_4bit, nf4_matmul_wgsl, quantize_4bit};
use qlora::{Absmax, Code, Nf4Product, QLora, QLoraSettings};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use small_gpt::{Frozen, Model, Pass, Place, Sizes};
use train::decoder::Gemm;

use crate::peer::{Peer, Way, compare, rounds, scratch};
use crate::timing::{medians, ratio};

const ROUNDS: usize = 9;
/// Runs of a kernel in a submission.
const TIMES: u32 = 10;
/// Numbers to quantize.
const COUNT: usize = 1 << 22;
const BLOCK: usize = 64;
/// Models, and the tokens of each of their four texts.
const WIDTHS: [usize; 2] = [128, 512];
const SEQ: usize = 128;
/// Products of Buddy's layers, and of a larger one: rows, inputs, outputs.
const PRODUCTS: [[usize; 3]; 3] = [[512, 128, 512], [512, 512, 128], [256, 1024, 1024]];
/// Results of products may differ by so much, as a share of the largest.
const TOLERANCE: f32 = 1e-4;

/// Prints the ratios, or what is missing.
pub fn bench() -> Result<()> {
    let mut rng = StdRng::seed_from_u64(1);
    let numbers: Vec<f32> = (0..COUNT).map(|_| rng.random_range(-1.0..1.0)).collect();
    quantizing(&numbers)?;
    println!("Products with weights in NF4, on the CPU, one thread");
    for n_embd in WIDTHS {
        on_cpu(n_embd)?;
    }
    let gpu = block_on(gpu::shared())?;
    println!("Products with weights in NF4, on {}", gpu.name());
    for sizes in PRODUCTS {
        on_gpu(&gpu, &numbers, sizes)?;
    }
    Ok(())
}

fn quantizing(numbers: &[f32]) -> Result<()> {
    println!("Quantizing {COUNT} numbers to NF4, one thread");
    let folder = scratch("four-bits")?;
    let file = folder.join("numbers.f32");
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    fs::write(&file, bytes)?;
    // The sums of codes and of absmax: each contender has to have made them all.
    let ours: Way<'_> = Box::new(move || {
        let start = Instant::now();
        let packed = quantize_4bit(numbers, Code::Nf4, BLOCK)?;
        let time = start.elapsed();
        let Absmax::Plain(absmax) = packed.absmax else { bail!("its absmax are packed, too") };
        let [codes, absmax] = [sum(packed.bytes), sum(absmax)];
        Ok((time, vec![vec![codes], vec![absmax]]))
    });
    match Peer::python(include_str!("peers/bitsandbytes.py"), &[&file])? {
        Some(mut peer) => {
            let theirs: Way<'_> = Box::new(move || peer.run(""));
            let times = rounds(ROUNDS, &mut [ours, theirs], TOLERANCE)?;
            compare(&["bitsandbytes (1 is the budget)"], &times);
        }
        None => println!("  STUDY_PYTHON names no interpreter with bitsandbytes"),
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

fn sum<T: Into<f64>>(numbers: Vec<T>) -> f32 {
    numbers.into_iter().map(Into::into).sum::<f64>() as f32
}

/// A pass on packed weights against one that dequantizes all of them first.
fn on_cpu(n_embd: usize) -> Result<()> {
    let sizes = Sizes { n_layer: 2, n_head: 4, n_embd, n_positions: SEQ, vocab_size: 256 };
    let mut rng = StdRng::seed_from_u64(2);
    let model = Model::random(sizes, &mut rng);
    let settings = QLoraSettings {
        code: Code::Nf4,
        block: BLOCK,
        doubled: false,
        targets: Vec::new(),
        rank: 1,
        scale: 1.0,
    };
    let qlora = QLora::new(&model, &settings, &mut rng)?;
    let ids: Vec<u32> = (0..4 * SEQ).map(|_| rng.random_range(0..256)).collect();
    let (hollow, mut whole) = (model.hollowed(), model.clone());
    let (mut pass, mut products) = (Pass::default(), Gemm);
    let mut results = [Vec::new(), Vec::new()];
    let times = medians(ROUNDS, 2, |way| -> Result<()> {
        let logits = match way {
            0 => pass.forward_tuned(&hollow, &qlora, &ids, SEQ, &mut products),
            _ => {
                for place in Place::all(sizes.n_layer) {
                    let packed = &qlora.base(place).weight;
                    let range = model.weight_range(place);
                    let to = &mut whole.parameters[range.clone()];
                    dequantize_4bit(packed, 0..range.len(), to)?;
                }
                pass.forward_tuned(&whole, &Frozen, &ids, SEQ, &mut products)
            }
        };
        results[way] = logits.to_vec();
        Ok(())
    })?;
    expect_close(&results[0], &results[1])?;
    println!(
        "  a pass of a model {n_embd} wide: {:.2}× as fast as dequantizing first (1 is the budget)",
        ratio(times[1], times[0])
    );
    Ok(())
}

/// The lesson's kernel against the book's product of matrices in f32.
fn on_gpu(gpu: &Gpu, numbers: &[f32], [rows, inputs, outputs]: [usize; 3]) -> Result<()> {
    let (x, w) = (&numbers[..rows * inputs], &numbers[rows * inputs..][..inputs * outputs]);
    let packed = Nf4Product::new(x, w, [rows, inputs, outputs], BLOCK)?;
    let mut whole = vec![0.0; inputs * outputs];
    let weight = quantize_4bit(w, Code::Nf4, BLOCK)?;
    dequantize_4bit(&weight, 0..inputs * outputs, &mut whole)?;
    let (dims, factors) = (Dims { m: rows, k: inputs, n: outputs }, [x, &whole]);
    let plain = match Variant::of(gpu.is_fallback()) {
        Variant::Registers => block_on(Product::in_registers(gpu, factors, dims))?,
        Variant::Blocked => {
            let kernel = Kernel::Blocked;
            block_on(Product::new(gpu, kernel.solution(), kernel, factors, dims))?
        }
    };
    block_on(plain.run())?;
    let want = block_on(plain.read())?;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let (got, timing) = block_on(packed.run(gpu, nf4_matmul_wgsl(), Some(TIMES)))?;
        expect_close(&got, &want)?;
        times[0].push(timing.context("the packed product was not timed")?.seconds);
        times[1].push(block_on(plain.time(TIMES))?.seconds);
    }
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    println!(
        "  {rows} × {inputs} × {outputs}: {:.2}× as fast as in f32 (0.5 is the budget)",
        times[1][ROUNDS / 2] / times[0][ROUNDS / 2]
    );
    Ok(())
}

fn expect_close(got: &[f32], want: &[f32]) -> Result<()> {
    let most = want.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let off = got.iter().zip(want).fold(0.0_f32, |off, (a, b)| off.max((a - b).abs()));
    ensure!(got.len() == want.len() && off <= TOLERANCE * most, "results differ by {off}");
    Ok(())
}
