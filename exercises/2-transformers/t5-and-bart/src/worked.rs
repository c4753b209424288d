//! The numbers of the page.

use std::collections::HashSet;

use candle_core::{DType, Device, Tensor};
use grading::numbers::{count, minus, percent, short};
use grading::{Failure, Outcome, Worked};
use serde_json::Value;
use tinytown::World;
use what_llms_are_for::evaluate::HELD_OUT_EXAMPLES;
use what_llms_are_for::lower_words;

use crate::example::{PAIRS, SENTENCE, aligned};
use crate::solution::{position_bias, shift_right, t5_bucket};
use crate::{Bart, BartConfig, SeqError, T5, T5Config};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// T5 base (Raffel and others, 2019, section 3.1.2), the vocabulary as in its published file.
pub(crate) const T5_BASE: &str = r#"{"vocab_size": 32128, "d_model": 768, "d_kv": 64, "d_ff": 3072,
    "num_layers": 12, "num_heads": 12, "relative_attention_num_buckets": 32,
    "layer_norm_epsilon": 1e-6}"#;

/// BART large (Lewis and others, 2019, section 2.1), as in its published file.
pub(crate) const BART_LARGE: &str = r#"{"vocab_size": 50265, "d_model": 1024, "encoder_layers": 12,
    "encoder_attention_heads": 16, "encoder_ffn_dim": 4096, "decoder_layers": 12,
    "decoder_attention_heads": 16, "decoder_ffn_dim": 4096, "max_position_embeddings": 1024}"#;

/// Counts numbers that are asked for, and keeps none.
fn counting(total: &mut usize) -> impl FnMut(&str, &[usize]) -> Result<Tensor, SeqError> {
    |name, shape| {
        // The bias of the logits is not trained.
        *total += if name == "final_logits_bias" { 0 } else { shape.iter().product() };
        Ok(Tensor::zeros(1, DType::F32, &Device::Cpu)?.broadcast_as(shape)?)
    }
}

fn fill(worked: &mut Worked) -> Outcome {
    trained(worked)?;
    let it = aligned(SENTENCE)?;
    worked.set("source", SENTENCE);
    worked.set("output", it.output.join(" "));
    worked.set("pairs", PAIRS);
    worked.set("source-words", it.source.len());
    worked.set("output-words", it.output.len());
    // The word for "the", which the source has twice.
    let (word, the) = (1, 0);
    worked.set("word", &it.output[word]);
    let probabilities: Vec<f64> = it.scores[word].iter().map(|s| s.exp()).collect();
    worked.set("the-score", short(it.scores[word][the], 4));
    worked.set("the-probability", short(probabilities[the], 4));
    worked.set("sum", short(probabilities.iter().sum(), 3));
    worked.set("the-weight", percent(it.weights[word][the], 1));
    let last = it.output.len() - 1;
    worked.set("last", &it.output[last]);
    worked.set("last-did", percent(it.weights[last][3], 1));
    worked.set("first", &it.output[0]);
    let (mut with_did, mut did_with_not) = (0, 0);
    for pair in World::new(1).translations(0).take(PAIRS) {
        let words = lower_words(&pair.english);
        let has = |word: &str| words.iter().any(|w| w == word);
        with_did += usize::from(has("did"));
        did_with_not += usize::from(has("did") && has("not"));
    }
    worked.set("with-did", with_did);
    worked.set("did-with-not", did_with_not);

    worked.set("before-20", t5_bucket(-20, true, 32, 128)?);
    worked.set("after-20", t5_bucket(20, true, 32, 128)?);
    worked.set("causal-20", t5_bucket(-20, false, 32, 128)?);
    // From −999 to 999, in a text of a thousand tokens.
    worked.set("thousand", count((-999..=999).count() as u64));
    let mut last_begins = 0;
    while t5_bucket(-last_begins, true, 32, 128)? < 15 {
        last_begins += 1;
    }
    worked.set("last-begins", last_begins);
    worked.set("step-20", short(step(20.0, 8.0, 128.0, 8.0), 2));
    worked.set("falls-short", step(10.0, 5.0, 160.0, 5.0));

    let (mut t5, mut bart) = (0, 0);
    let config = T5Config::from_json(T5_BASE)?;
    let (heads, buckets) = (config.num_heads, config.relative_attention_num_buckets);
    worked.set("base-heads", heads);
    worked.set("base-biases", count((heads * buckets) as u64));
    let table = Tensor::zeros((buckets, heads), DType::F32, &Device::Cpu)?;
    let bias = position_bias(&table, true, 128, [40, 40], 0)?;
    worked.set("base-scores", count(bias.elem_count() as u64));
    T5::from_tensors(config, counting(&mut t5))?;
    let config = BartConfig::from_json(BART_LARGE)?;
    worked.set("bart-rows", count(config.max_position_embeddings as u64 + 2));
    worked.set("bart-places", count(config.max_position_embeddings as u64));
    Bart::from_tensors(config, counting(&mut bart))?;
    worked.set("t5-parameters", count(t5 as u64));
    worked.set("bart-parameters", count(bart as u64));

    let labels = [[12_i64, 7, 9, 1]];
    let read = shift_right(&Tensor::new(&labels, &Device::Cpu)?, 0, 0)?.to_vec2::<u32>()?;
    let list = |ids: &[String]| minus(&ids.join(", "));
    worked.set("labels", list(&labels[0].map(|id| id.to_string())));
    // Eleven binary digits, the first of them worth 2^15.
    worked.set("f16-most", count((2 << 15) - (1 << 5)));
    worked.set("read", list(&read[0].iter().map(u32::to_string).collect::<Vec<_>>()));
    Ok(())
}

/// Encoder-decoder Buddy, as recorded beside its weights and on the report card.
fn trained(worked: &mut Worked) -> Outcome {
    let card: Value = serde_json::from_str(include_str!("../../../../src/report-card.json"))?;
    let record = include_str!("../../../../models/encoder-decoder-buddy/training.json");
    let record: Value = serde_json::from_str(record)?;
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let score = |model: &str| {
        let model = all(&card["models"]).into_iter().find(|its| its["name"] == model)?;
        let scores = all(&model["scores"]);
        scores.iter().find(|its| its["metric"] == "exact sentences")?["value"].as_f64()
    };
    for (name, model) in
        [("buddy-exact", "encoder-decoder Buddy"), ("counts-exact", "n-gram Buddy")]
    {
        let missing = || Failure::wrong("the report card has no exact sentences");
        worked.set(name, percent(score(model).ok_or_else(missing)?, 1));
    }
    for (name, field) in [("buddy-parameters", "parameters"), ("buddy-tokens", "tokens")] {
        worked.set(name, count(record[field].as_u64().unwrap_or_default()));
    }
    let [steps, batch] = ["steps", "batch"].map(|field| record["settings"][field].as_u64());
    let pairs = steps.unwrap_or_default() * batch.unwrap_or_default();
    worked.set("buddy-pairs", count(pairs));
    // Short sentences come again by chance.
    let town = World::new(1);
    let learned: HashSet<String> =
        town.translations(0).take(pairs as usize).map(|pair| pair.english).collect();
    let asked = town.translations(1).take(HELD_OUT_EXAMPLES);
    let seen = asked.filter(|pair| learned.contains(&pair.english)).count();
    worked.set("buddy-asked", HELD_OUT_EXAMPLES).set("buddy-seen", seen);
    Ok(())
}

/// A step on a scale of logarithms, as it comes out of an f64.
fn step(distance: f64, exact: f64, farthest: f64, steps: f64) -> f64 {
    (distance / exact).ln() / (farthest / exact).ln() * steps
}
