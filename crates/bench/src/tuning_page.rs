//! Training in a page, in Chromium: how long a reader waits for a loss that falls, and how a step there
//! compares with the same step of a program on one thread.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page};
use buddy::Kept;
use lora::{Lora, SOLUTION, Settings};
use lora_demos::tuning::{LOOKS, Learns, Run};
use lora_demos::{kept, texts};
use pocket_buddy::read_weights;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::Layer;

use crate::timing::{Times, ratio};

const PAGE: &str = "4-fine-tuning/lora.html";
const DEMO: &str = "lora-tune";
/// What the page's slider is set to.
const STEPS: usize = 80;
const ROUNDS: usize = 5;
/// A GPU that is none takes minutes.
const PATIENCE: Duration = Duration::from_secs(600);

/// Prints the seconds and the ratios.
pub fn bench() -> Result<()> {
    println!("LoRA on Buddy in Chromium, {STEPS} steps");
    let browsers = Browsers::default();
    let mut native = Vec::new();
    for _ in 0..ROUNDS {
        native.push(native_steps()?);
    }
    let native = Times::new(native);
    for (backend, budget) in [("cpu", " (5 is the budget)"), ("gpu", "")] {
        let (mut firsts, mut steps) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let page = browsers.page(Gpu::Yes, Build::Hosted)?;
            page.goto(PAGE)?;
            let [first, all] = in_page(&page, backend)?;
            firsts.push(first);
            steps.push(all);
            page.close()?;
        }
        let (firsts, steps) = (Times::new(firsts), Times::new(steps));
        println!(
            "  {backend}: a lower loss after {:.1} s{budget}; steps are {:.2}× as fast as those of a \
             program on one thread",
            firsts.median().as_secs_f64(),
            ratio(native.median(), steps.median())
        );
    }
    Ok(())
}

/// From the click to a held-out loss that is lower, and from there to the end.
fn in_page(page: &Page, backend: &str) -> Result<[Duration; 2]> {
    let demo = page.demo(DEMO)?;
    demo.set("backend", backend)?;
    demo.set("steps", &STEPS.to_string())?;
    let says = |step: usize| {
        format!("window.__heard.some(m => m.event?.summary?.startsWith('After {step} steps'))")
    };
    let clicked = Instant::now();
    demo.click(".run")?;
    page.wait_for(PATIENCE, "the first look", &says(STEPS / LOOKS))?;
    let first = clicked.elapsed();
    page.wait_for(PATIENCE, "the last look", &says(STEPS))?;
    let all = clicked.elapsed();
    demo.settle()?;
    ensure!(demo.backend()? == backend, "the demo ran on {}", demo.backend()?);
    Ok([first, all - first])
}

/// The same steps and looks as those of the page behind its first look.
fn native_steps() -> Result<Duration> {
    let models = Kept::Decoder.folder();
    let model = read_weights(kept::SIZES, &std::fs::read(models.join("model.safetensors"))?)?;
    let task = std::fs::read(models.join("..").join(texts::TEXTS))?;
    let task = texts::read(&task).map_err(anyhow::Error::msg)?;
    let settings =
        Settings { rank: 8, alpha: 16.0, rank_stabilized: false, targets: vec![Layer::Attn] };
    let mut rng = StdRng::seed_from_u64(1);
    let lora = Lora::new(SOLUTION, kept::SIZES, settings, &mut rng)?;
    let mut run = Run::new(model, Learns::Lora(lora), STEPS, 0.01);
    let mut start = Instant::now();
    for look in 1..=LOOKS {
        for _ in 0..STEPS / LOOKS {
            run.step(&task);
        }
        let after = run.look(&task);
        ensure!(after.loss.is_finite(), "the loss is {}", after.loss);
        if look == 1 {
            start = Instant::now();
        }
    }
    Ok(start.elapsed())
}
