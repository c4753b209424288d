//! The numbers of the page.

use candle_core::{DType, Device, Tensor};
use grading::numbers::{count, short};
use grading::{Failure, Outcome, Worked, expect_close, expect_eq};
use tensor_test::flat;

use crate::example::{BAKER, DAWN, MILLER, NOON};
use crate::models::{MODELS, Model};
use crate::oracle::tolerance;
use crate::solution::{kv_bytes, repeat_kv};

/// The base model of Vaswani and others, 2017, table 3.
const D_MODEL: usize = 512;
const HEADS: usize = 8;

/// So many texts does a server answer at once.
const BATCH: u64 = 32;

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
    let list = |v: [f64; 2]| format!("({}, {})", short(v[0], 1), short(v[1], 1));
    let mean = |a: [f64; 2], b: [f64; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
    for (name, value) in [("baker", BAKER), ("dawn", DAWN), ("miller", MILLER), ("noon", NOON)] {
        worked.set(name, list(value));
    }
    expect_close(
        "the means",
        &[2],
        &mean(MILLER, NOON),
        &mean(BAKER, DAWN),
        tolerance(DType::F64, &BAKER),
    )?;
    worked.set("mixture", list(mean(BAKER, DAWN)));

    worked.set("d-model", D_MODEL);
    worked.set("heads", HEADS);
    worked.set("d-head", D_MODEL / HEADS);
    let [one, many] = [1, HEADS].map(|heads| weights(heads, heads, D_MODEL));
    expect_eq("the weights", &[many], &[one])?;
    worked.set("weights", count(many));
    let products = |heads: usize| (heads * (D_MODEL / heads)) as u64;
    expect_eq("the products of a pair", &[products(HEADS)], &[products(1)])?;
    worked.set("products", count(products(HEADS)));

    worked.set("served", served(8, 2)?);
    worked.set("tiled", list_of((0..8).map(|h| h % 2)));

    for (id, model) in ["gpt-3", "palm", "llama-2", "llama-8b", "llama-70b"].into_iter().zip(MODELS)
    {
        let set = |worked: &mut Worked, what: &str, value: String| {
            worked.set(&format!("{id}-{what}"), value);
        };
        set(worked, "name", model.name.to_owned());
        set(worked, "layers", model.layers.to_string());
        set(worked, "heads", model.n_heads.to_string());
        set(worked, "kv", model.n_kv_heads.to_string());
        set(worked, "d", model.d_head.to_string());
        set(worked, "token", size(bytes(&model, model.n_kv_heads, 1, 1)?));
        set(worked, "context", count(model.context));
        set(worked, "full", size(bytes(&model, model.n_kv_heads, model.context, 1)?));
        set(worked, "apart", size(bytes(&model, model.n_heads, model.context, 1)?));
    }
    let [_, _, llama_2, ..] = MODELS;
    worked.set("llama-2-per-layer", count(bytes(&llama_2, 8, 1, 1)? / llama_2.layers));
    worked.set("batch", BATCH);
    worked.set("llama-2-batch", size(bytes(&llama_2, 8, llama_2.context, BATCH)?));
    worked.set("llama-2-batch-apart", size(bytes(&llama_2, 64, llama_2.context, BATCH)?));
    worked.set("llama-2-weights", size(70_000_000_000 * 2));
    Ok(())
}

/// Keys and values in f16.
fn bytes(model: &Model, n_kv_heads: u64, tokens: u64, batch: u64) -> Result<u64, Failure> {
    Ok(kv_bytes(model.layers, n_kv_heads, model.d_head, tokens, batch, 2)?)
}

/// The weights of a layer whose heads are as wide together as the model.
fn weights(heads: usize, kv: usize, d_model: usize) -> u64 {
    let d_head = d_model / heads;
    let (wide, narrow) = (d_model * heads * d_head, d_model * kv * d_head);
    2 * (wide + narrow) as u64
}

/// Which head of keys serves each head.
fn served(heads: usize, kv: usize) -> Result<String, Failure> {
    let numbers = (0..kv).map(|g| g as f64);
    let x = Tensor::from_iter(numbers, &Device::Cpu)?.reshape((1, kv, 1, 1))?;
    let served = flat(&repeat_kv(&x, heads)?)?;
    Ok(list_of(served.into_iter().map(|g| g as usize)))
}

fn list_of(numbers: impl Iterator<Item = usize>) -> String {
    numbers.map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
}

/// Bytes with three digits.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    let (number, unit) = match bytes {
        1e9.. => (bytes / 1e9, "GB"),
        1e6.. => (bytes / 1e6, "MB"),
        _ => (bytes / 1e3, "KB"),
    };
    let digits = if number < 10.0 {
        2
    } else if number < 100.0 {
        1
    } else {
        0
    };
    format!("{} {unit}", short(number, digits))
}
