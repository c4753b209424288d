//! A token of GPT-2 in one dispatch, against the same token in a dispatch for each part.

use anyhow::{Context, Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu as Has};
use fused_decode::solution::{decode_step_wgsl, plan};
use fused_decode::{Handing, ManyDispatches, Model, OneDispatch, Precision};
use gpt::Config;
use gpu::Gpu;
use grading::block_on;

use crate::timing::{medians, ratio};

const WIDTHS: [usize; 4] = [32, 64, 128, 256];
const TOKENS: usize = 32;
const ROUNDS: usize = 7;

/// Prints the ratios on this machine's adapter.
pub fn bench() -> Result<()> {
    let gpu = block_on(gpu::shared())?;
    println!("A token in one dispatch and in many, on {}", gpu.name());
    for n_embd in WIDTHS {
        let config = Config { n_embd, ..gpt::buddy() };
        let launches = plan(&config).len();
        let model = Model::drawn(config, 0.2, 1);
        for (precision, stored) in [(Precision::F32, "f32"), (Precision::F16, "f16")] {
            let both = Both::new(&gpu, &model, precision)?;
            both.expect_the_same()?;
            let times = medians(ROUNDS, WAYS.len(), |way| both.run(way).map(|_| ()))?;
            println!(
                "  {n_embd} wide, {stored}: one dispatch is {:.2}× as fast as {launches} in one \
                 submission, {:.2}× as one submission each ({:.0} µs a token)",
                ratio(times[1], times[0]),
                ratio(times[2], times[0]),
                times[0].as_secs_f64() * 1e6 / TOKENS as f64
            );
        }
    }
    Ok(())
}

/// What a token is.
const WAYS: [Option<Handing>; 3] = [None, Some(Handing::Together), Some(Handing::OneByOne)];

/// A model, ready to read in any way.
struct Both {
    one: OneDispatch,
    many: ManyDispatches,
}

impl Both {
    fn new(gpu: &Gpu, model: &Model, precision: Precision) -> Result<Self> {
        Ok(Self {
            one: block_on(OneDispatch::new(gpu, decode_step_wgsl(), model, precision))?,
            many: block_on(ManyDispatches::new(gpu, model, precision))?,
        })
    }

    /// The logits behind the last token.
    fn run(&self, way: usize) -> Result<Vec<f32>> {
        for position in 0..TOKENS {
            let token = (position * 37 % 512) as u32;
            match WAYS[way] {
                None => self.one.step(token, position)?,
                Some(handing) => self.many.step(token, position, handing)?,
            }
        }
        let logits = match WAYS[way] {
            None => block_on(self.one.logits())?,
            Some(_) => block_on(self.many.logits())?,
        };
        Ok(logits)
    }

    /// Every way gives the same result, so it may be timed.
    fn expect_the_same(&self) -> Result<()> {
        let want = self.run(0)?;
        for way in 1..WAYS.len() {
            let got = self.run(way)?;
            let off = got.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            ensure!(off < 1e-3, "two ways to read a token differ by {off}");
        }
        Ok(())
    }
}

/// Prints the same of the demo in Chromium, from the time that the page tells.
pub fn bench_page() -> Result<()> {
    let browsers = Browsers::default();
    let page = browsers.page(Has::Yes, Build::Hosted)?;
    page.goto("2-transformers/fused-decode.html")?;
    let demo = page.demo("one-dispatch-or-many")?;
    println!("A token in one dispatch and in many, in Chromium");
    for width in ["32", "64", "128"] {
        demo.set("width", width)?;
        let mut times = Vec::new();
        for way in ["one", "together", "apart"] {
            demo.set("way", way)?;
            // What is the same for few tokens and for many, such as drawing weights, cancels out.
            let [few, many] = [median(&demo, "1")?, median(&demo, "128")?];
            times.push((many - few) / 127.0);
        }
        println!(
            "  {width} wide: one dispatch is {:.2}× as fast as many in one submission (3 is the \
             target), {:.2}× as one submission each ({:.0} µs a token)",
            times[1] / times[0],
            times[2] / times[0],
            1e3 * times[0]
        );
    }
    page.close()?;
    Ok(())
}

/// Milliseconds of a run over so many tokens.
fn median(demo: &Demo, tokens: &str) -> Result<f64> {
    demo.set("tokens", tokens)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        demo.run()?;
        demo.expect_done()?;
        ensure!(demo.backend()? == "gpu", "the demo ran without a GPU");
        times.push(milliseconds(&demo.text(".ran")?)?);
    }
    // The first compiles the kernels.
    times.remove(0);
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// What the page tells: `Ran on WebGPU · 12 ms`, or `1.2 s`.
fn milliseconds(ran: &str) -> Result<f64> {
    let told = ran.rsplit('·').next().unwrap_or_default().trim();
    let (number, unit) = told.rsplit_once(' ').with_context(|| format!("no time in “{ran}”"))?;
    let number: f64 = number.rsplit(' ').next().unwrap_or_default().parse()?;
    Ok(if unit == "s" { 1e3 * number } else { number })
}
