//! all-MiniLM-L6-v2 by this lesson's code, beside sentence-transformers. Runs where `STUDY_MINILM`
//! names a folder with the model; with `STUDY_MINILM_RECORD` what it finds is kept for the page.

use std::env;
use std::fs;
use std::path::Path;
use std::time::Instant;

use bert::sentences::{dot, sentences, unit};
use bert::{Bert, Config, SOLUTION, Tokenizer};
use checkpoint::Checkpoint;

const VECTORS: &[u8] = include_bytes!("../../golden/minilm.i16");
const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/minilm-found.json");

#[test]
fn minilm_is_that_of_sentence_transformers() {
    let Some(folder) = env::var_os("STUDY_MINILM") else {
        println!("skipped: STUDY_MINILM names no folder with all-MiniLM-L6-v2");
        return;
    };
    let folder = Path::new(&folder);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let config = Config::from_json(&read("config.json")).unwrap();
    let tokenizer = Tokenizer::from_json(&read("tokenizer.json")).unwrap();
    let model = Bert::from_checkpoint(config, Checkpoint::open(folder).unwrap()).unwrap();

    let odd: Vec<String> = serde_json::from_str(include_str!("../../golden/minilm.json")).unwrap();
    let ours = sentences().unwrap();
    let texts: Vec<&str> =
        ours.iter().map(|s| s.text.as_str()).chain(odd.iter().map(String::as_str)).collect();
    let start = Instant::now();
    let mut vectors = Vec::new();
    let mut longest = 0;
    for few in texts.chunks(8) {
        let few: Vec<_> = few.iter().map(|text| tokenizer.encode(text, None, 256)).collect();
        longest = few.iter().map(|text| text.ids.len()).fold(longest, usize::max);
        let batch = tokenizer.batch(&few).unwrap();
        let (types, is_token) = (Some(&batch.token_types), &batch.is_token);
        let hidden = (SOLUTION.forward)(&model, &batch.ids, types, Some(is_token)).unwrap();
        let pooled = (SOLUTION.mean_pool)(&hidden, is_token).unwrap();
        vectors.extend(pooled.to_vec2::<f32>().unwrap().iter().map(|vector| unit(vector)));
    }
    let seconds = start.elapsed().as_secs_f64();
    let theirs: Vec<Vec<f32>> = VECTORS
        .chunks(2 * 384)
        .map(|vector| {
            let kept = vector.chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]]));
            kept.map(|step| f32::from(step) / 32767.0).collect()
        })
        .collect();
    assert_eq!(vectors.len(), theirs.len());
    let (mut least, mut largest) = (1.0_f64, 0.0_f64);
    for ((text, ours), theirs) in texts.iter().zip(&vectors).zip(&theirs) {
        let cosine = dot(ours, &unit(theirs));
        least = least.min(cosine);
        for (a, b) in ours.iter().zip(theirs) {
            largest = largest.max(f64::from((a - b).abs()));
        }
        assert!(cosine > 0.99999, "{text:?}: {cosine}");
        // Theirs are kept in steps of 1 / 32767.
        assert!(largest < 2e-5, "{text:?}: {largest}");
    }
    // The sentences of the page are kept in fewer digits.
    for (sentence, ours) in ours.iter().zip(&vectors) {
        assert!(dot(&sentence.vector, ours) > 0.9998, "{}", sentence.text);
    }
    let found = format!(
        "{{\"texts\": {}, \"longest\": {longest}, \"least_cosine\": {}, \
         \"largest_difference\": {}}}\n",
        texts.len(),
        (least * 1e8).floor() / 1e8,
        (largest * 1e6).ceil() / 1e6
    );
    println!("{found}in {seconds:.1} s");
    if env::var_os("STUDY_MINILM_RECORD").is_some() {
        fs::write(RECORD, &found).unwrap();
    }
}
