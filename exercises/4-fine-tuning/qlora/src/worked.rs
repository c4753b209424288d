//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::random::seeded;
use grading::{Failure, Outcome, Worked};
use rand::RngExt;

use crate::solution::{absmax_of, dequantize_4bit, double_quantize, normal_float, quantize_4bit};
use crate::{ADAMW, Absmax, Budget, Code, Method, normal_quantile};

/// Weights that the page works by hand.
pub(crate) const HAND: [f32; 4] = [0.12, -0.48, 0.03, 0.3];

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    budget(worked);
    by_hand(worked)?;
    levels(worked)?;
    outlier(worked)?;
    layer(worked)?;
    #[cfg(not(target_family = "wasm"))]
    buddy(worked)?;
    Ok(())
}

/// A model of LLaMA's size, as the page begins.
fn budget(worked: &mut Worked) {
    let budget = Budget { parameters: 6.5e9, rank: 16.0, tokens: 2048.0, optimizer: ADAMW };
    worked.set("full-gb", short(budget.gigabytes(Method::Full).iter().sum(), 0));
    worked.set("frozen-gb", short(2.0 * budget.parameters / 1e9, 0));
    let large = Budget { parameters: 65e9, ..budget };
    let saved = large.gigabytes(Method::Plain)[0] - large.gigabytes(Method::Qlora)[0];
    worked.set("doubled-saves", short(saved, 1));
    worked.set("absmax-gb", short((Method::Plain.bits() - 4.0) / 8.0 * large.parameters / 1e9, 1));
}

fn by_hand(worked: &mut Worked) -> Outcome {
    let packed = quantize_4bit(&HAND, Code::Nf4, 64)?;
    let absmax = absmax_of(&packed.absmax, 0)?;
    let mut again = [0.0; HAND.len()];
    dequantize_4bit(&packed, 0..HAND.len(), &mut again)?;
    let shown = |x: f32, digits| short(f64::from(x), digits);
    worked.set("hand-absmax", shown(absmax, 2));
    for (i, (x, again)) in HAND.iter().zip(again).enumerate() {
        let code = packed.bytes[i / 2] >> (4 - 4 * (i % 2)) & 15;
        worked.set(&format!("hand-{i}"), shown(*x, 2));
        worked.set(&format!("share-{i}"), shown(x / absmax, 4));
        worked.set(&format!("code-{i}"), code);
        worked.set(&format!("level-{i}"), shown(Code::Nf4.levels()[usize::from(code)], 4));
        worked.set(&format!("again-{i}"), shown(again, 3));
    }
    let bytes: Vec<String> = packed.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    worked.set("hand-bytes", bytes.join(" "));
    Ok(())
}

fn levels(worked: &mut Worked) -> Outcome {
    let far = 1.0 - (1.0 / 32.0 + 1.0 / 30.0) / 2.0;
    worked.set("far", short(far, 4)).set("far-quantile", short(normal_quantile(far), 3));
    let levels = normal_float(4)?;
    let gap = |i: usize| short(f64::from(levels[i + 1] - levels[i]), 2);
    worked.set("gap-middle", gap(7)).set("gap-end", gap(14));
    let three: Vec<String> = normal_float(3)?.iter().map(|x| short(f64::from(*x), 2)).collect();
    worked.set("three-bits", three.join(", "));
    Ok(())
}

/// Numbers of a bell curve, and the same with one far outside.
fn outlier(worked: &mut Worked) -> Outcome {
    let mut rng = seeded(5);
    let mut numbers: Vec<f32> =
        (0..4096).map(|_| normal_quantile(rng.random_range(1e-9..1.0)) as f32).collect();
    let error = |numbers: &[f32], block: usize| -> Result<f64, Failure> {
        let packed = quantize_4bit(numbers, Code::Nf4, block)?;
        let mut again = vec![0.0; numbers.len()];
        dequantize_4bit(&packed, 0..numbers.len(), &mut again)?;
        // Without the outlier itself.
        let pairs = numbers.iter().zip(&again).skip(1).map(|(a, b)| f64::from(a - b));
        Ok((pairs.map(|d| d * d).sum::<f64>() / (numbers.len() - 1) as f64).sqrt())
    };
    worked.set("even-4096", percent(error(&numbers, 4096)?, 1));
    numbers[0] = 60.0;
    for block in [64, 4096] {
        worked.set(&format!("outlier-{block}"), percent(error(&numbers, block)?, 1));
    }
    Ok(())
}

/// A layer as wide as LLaMA's smallest.
fn layer(worked: &mut Worked) -> Outcome {
    let width = 4096;
    let bytes = |bits: f64| bits / 8.0 * (width * width) as f64 / 1e6;
    worked.set("width", count(width as u64));
    worked
        .set("layer-f32", short(bytes(32.0), 1))
        .set("layer-packed", short(bytes(Method::Qlora.bits()), 1));
    worked.set("layer-row", count(4 * width as u64 / 1024));
    // What an offset is good for: absmax that are all alike.
    let mut rng = seeded(2);
    let absmax: Vec<f32> = (0..256).map(|_| rng.random_range(0.04..0.06)).collect();
    let doubled = Absmax::Doubled(double_quantize(&absmax)?);
    let mut most = 0.0_f64;
    for (block, &m) in absmax.iter().enumerate() {
        most = most.max(f64::from((absmax_of(&doubled, block)? - m).abs() / m));
    }
    worked.set("doubled-error", percent(most, 1));
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
fn buddy(worked: &mut Worked) -> Outcome {
    for stored in crate::measured()? {
        let key = stored.name.split(", ").collect::<Vec<_>>().join("-").to_lowercase();
        worked.set(&format!("buddy-{key}-bits"), short(stored.bits, 3));
        if stored.error > 0.0 {
            worked.set(&format!("buddy-{key}-said"), short(stored.said, 2));
        }
        worked.set(&format!("buddy-{key}-loss"), short(stored.bits_a_byte, 4));
    }
    Ok(())
}
