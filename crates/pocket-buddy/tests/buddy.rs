//! The same Buddy as candle's.

use buddy::decoder::DecoderBuddy;
use candle_core::{Device, Tensor};
use gpt::solution::{forward, generate};
use gpt::{Generation, Gpt2Decoder};
use pocket_buddy::{Config, PocketBuddy, PocketError, Writing};
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Frozen, Linear, Place, Products, Sizes, Tuning};
use softmax_sampling::Sampling;

const TEXT: &str = "<|endoftext|>Ada has a red kite. One morning Ada goes to the";

#[test]
fn logits_and_texts_are_those_of_candle() {
    let (pocket, theirs) = (PocketBuddy::kept().unwrap(), DecoderBuddy::kept().unwrap());
    assert_eq!(pocket.end, theirs.end);
    let ids = pocket.encode(TEXT).unwrap();
    assert_eq!(ids, theirs.tokenizer.encode(TEXT).unwrap());
    assert_eq!(ids[0], pocket.end);
    assert_eq!(pocket.decode(&ids).unwrap(), TEXT.trim_start_matches("<|endoftext|>"));

    let tensor = Tensor::from_slice(&ids, (1, ids.len()), &Device::Cpu).unwrap();
    let (want, _) = forward(&theirs.model, &tensor, None, &[]).unwrap();
    let want: Vec<f32> = want.flatten_all().unwrap().to_vec1().unwrap();
    let got = pocket.logits(&ids, None).unwrap();
    assert_eq!(got.len(), want.len());
    for (i, (got, want)) in got.iter().zip(&want).enumerate() {
        assert!((got - want).abs() <= 1e-4 * want.abs().max(1.0), "{i}: {got}, not {want}");
    }

    let (before, behind) = ids.split_at(7);
    let vocab_size = pocket.model.sizes.vocab_size;
    let rows = want.chunks_exact(vocab_size).skip(6).zip(behind);
    let want: f64 = rows
        .map(|(row, &id)| {
            let sum: f64 = row.iter().map(|&z| f64::from(z).exp()).sum();
            f64::from(row[id as usize]) - sum.ln()
        })
        .sum();
    let got = pocket.log_likelihood(before, behind, None).unwrap();
    assert!((got - want).abs() < 1e-3, "{got} {want}");

    // Greedily to the end of the text, and drawn until all positions are full.
    for (temperature, end, seed) in [(0.0, Some(pocket.end), 1), (1.5, None, 2)] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let options = Generation { max_new_tokens: 500, sampling, end };
        let mut decoder = Gpt2Decoder { model: &theirs.model, forward };
        let mut rng = StdRng::seed_from_u64(seed);
        let want = generate(&mut decoder, &ids, &options, &mut rng, &mut |_| {}).unwrap();
        let writing = Writing { max_new_tokens: 500, sampling, end };
        let mut rng = StdRng::seed_from_u64(seed);
        let mut told = Vec::new();
        let mut tell = |id| {
            told.push(id);
            true
        };
        let got = pocket.generate(&ids, &writing, &mut rng, None, &mut tell).unwrap();
        assert_eq!(got, want);
        assert_eq!(told, want);
    }
}

/// A prompt, a prefix, and linear layers that say a little more.
struct Little(Vec<f32>);

impl Tuning for Little {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
        for number in y {
            *number *= 1.05;
        }
    }

    fn prompt(&self) -> &[f32] {
        &self.0[..256]
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        [&self.0[block * 128..][..384], &self.0[block * 64..][..384]]
    }
}

#[test]
fn what_was_read_is_not_read_again_with_a_tuning_either() {
    let pocket = PocketBuddy::kept().unwrap();
    let tuning = Little((0..1024).map(|i| ((i * 37 % 101) as f32 - 50.0) / 100.0).collect());
    let ids = pocket.encode(TEXT).unwrap();
    assert_eq!(pocket.context(Some(&tuning)), 128 - 2 - 3);
    let writing = Writing { end: None, ..Writing::greedy(500, 0) };
    let mut rng = StdRng::seed_from_u64(1);
    let tuned: Option<&dyn Tuning> = Some(&tuning);
    let new = pocket.generate(&ids, &writing, &mut rng, tuned, &mut |_| true).unwrap();
    assert_eq!(ids.len() + new.len(), 123);
    let all = [ids.as_slice(), &new].concat();
    let logits = pocket.logits(&all, tuned).unwrap();
    for (i, row) in logits.chunks_exact(512).enumerate().skip(ids.len() - 1).take(new.len()) {
        let best = (0..512).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        // Sums in another order may turn two that are nearly the same.
        let chosen = all[i + 1] as usize;
        assert!(row[best] - row[chosen] < 1e-3, "{i}: {chosen}, not {best}");
    }
    let mut count = 0;
    let mut three = |_| {
        count += 1;
        count < 3
    };
    let stopped = pocket.generate(&ids, &writing, &mut rng, tuned, &mut three).unwrap();
    assert_eq!(stopped, new[..3]);
}

#[test]
fn texts_are_cut_as_by_the_reader_of_all_tokenizers() {
    let (pocket, theirs) = (PocketBuddy::kept().unwrap(), DecoderBuddy::kept().unwrap());
    for text in [
        "",
        " ",
        "It's 12 o'clock!  \n\n Ada's kite…\t“no” ",
        "<|endoftext|>a<|endoftext|><|endoftext|> b",
        "<|endoftext|",
        "Straße, 東京, 🪁🏽, e\u{301}\u{a0}x²½",
    ] {
        let ids = pocket.encode(text).unwrap();
        assert_eq!(ids, theirs.tokenizer.encode(text).unwrap(), "{text}");
        assert_eq!(pocket.decode(&ids).unwrap(), theirs.tokenizer.decode(&ids, true).unwrap());
    }
    assert!(pocket.decode(&[512]).unwrap_err().to_string().contains("512"));
}

fn config(change: (&str, &str)) -> Result<Config, PocketError> {
    let json = std::fs::read_to_string(buddy::Kept::Decoder.folder().join("config.json")).unwrap();
    assert!(json.contains(change.0), "{change:?}");
    Config::from_json(json.replacen(change.0, change.1, 1).as_bytes())
}

#[test]
fn files_that_do_not_fit_are_told_what_is_wrong() {
    let sizes = Sizes { n_layer: 4, n_head: 8, n_embd: 128, n_positions: 128, vocab_size: 512 };
    assert_eq!(config(("gpt2", "gpt2")).unwrap(), Config { sizes, end: 511 });
    for (change, why) in [
        (("gelu_new", "relu"), "activation_function"),
        (("0.00001", "0.001"), "layer_norm_epsilon"),
        (("\"n_head\": 8", "\"n_head\": 7"), "no model has these sizes"),
        (("\"n_layer\": 4", "\"n_layer\": 0"), "no model has these sizes"),
        (("\"n_embd\": 128", "\"n_embd\": 800000000"), "too large"),
        (("\"eos_token_id\": 511", "\"eos_token_id\": 512"), "eos_token_id is 512"),
        (("\"model_type\": \"gpt2\"", "\"model_type\": \"llama\""), "model_type is \"llama\""),
        (("\"vocab_size\": 512", "\"vocab\": 512"), "vocab_size"),
        (("{", "["), "config.json"),
    ] {
        let error = config(change).unwrap_err().to_string();
        assert!(error.contains(why), "{change:?}: {error}");
    }
    let folder = buddy::Kept::Decoder.folder();
    let [config, weights, tokenizer] =
        PocketBuddy::FILES.map(|name| std::fs::read(folder.join(name)).unwrap());
    let open = |config: &str, weights: &[u8]| {
        PocketBuddy::from_files(config.as_bytes(), weights, &tokenizer).unwrap_err().to_string()
    };
    let text = String::from_utf8(config.clone()).unwrap();
    let error = open(&text.replace("\"n_layer\": 4", "\"n_layer\": 3"), &weights);
    assert!(error.contains("h.3.attn.c_attn.bias is not part of the model"), "{error}");
    let error = open(&text.replace("\"n_layer\": 4", "\"n_layer\": 5"), &weights);
    assert!(error.contains("h.4.ln_1.weight is missing"), "{error}");
    let error = open(&text.replace("\"n_positions\": 128", "\"n_positions\": 64"), &weights);
    assert!(error.contains("wpe.weight is [128, 128], not [64, 128]"), "{error}");
    let error = open(&text, &weights[..weights.len() - 1]);
    assert!(error.contains("model.safetensors"), "{error}");
    let mut wrong = weights.clone();
    let end = wrong.len();
    wrong[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
    assert!(open(&text, &wrong).contains("not finite"), "{}", open(&text, &wrong));
    let text = String::from_utf8(tokenizer.clone()).unwrap();
    for (from, to, why) in [
        (text.as_str(), "{}", "model.type is not BPE"),
        ("\"BPE\"", "\"WordPiece\"", "model.type is not BPE"),
        ("\"normalizer\": null", "\"normalizer\": {}", "there is a normalizer"),
        ("\"id\": 511", "\"id\": 510", "has not the id 511"),
        ("\"Ġt\": 256", "\"Ġt\": 257", "the token Ġt has not the id 256"),
        ("\"he\"", "\"hee\"", "merge 3 is none"),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = text.replacen(from, to, 1);
        let error = PocketBuddy::from_files(&config, &weights, wrong.as_bytes()).unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with("tokenizer.json: ") && error.contains(why), "{error}");
    }
}

#[test]
fn ids_that_do_not_fit_are_told() {
    let pocket = PocketBuddy::kept().unwrap();
    let told = |ids: &[u32]| pocket.logits(ids, None).unwrap_err().to_string();
    assert!(told(&[]).contains("at least one"), "{}", told(&[]));
    assert!(told(&[512]).contains("no token 512"), "{}", told(&[512]));
    assert!(told(&[1; 129]).contains("129 tokens"), "{}", told(&[1; 129]));
    let error = pocket.log_likelihood(&[1], &[], Some(&Frozen)).unwrap_err();
    assert!(matches!(error, PocketError::Empty), "{error}");
    assert_eq!(Place::all(4).count(), 16);
}
