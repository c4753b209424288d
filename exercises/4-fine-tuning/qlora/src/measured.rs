//! Buddy with its linear layers quantized: what is lost.

use std::sync::OnceLock;

use grading::Failure;
use pocket_buddy::PocketBuddy;
use small_gpt::{Engine, Model, Place, Texts};
use tinytown::World;

use crate::solution::{
    dequantize_4bit, double_quantize, quantize_4bit, quantize_blocks, quantize_int8,
};
use crate::{Absmax, Blocks, Code, Method, QloraError, shares_of, uniform_levels};

/// Buddy in some code.
#[derive(Clone, Debug)]
pub struct Stored {
    /// What the linear layers are stored in.
    pub name: &'static str,
    /// Bits of a weight of theirs, all counted.
    pub bits: f64,
    /// The root of the mean squared error, as a share of that of the weights themselves.
    pub error: f64,
    /// How many of the bits of a code say something: the entropy of the codes.
    pub said: f64,
    /// Of texts that Buddy has not seen.
    pub bits_a_byte: f64,
}

/// So much text is read: some dozens of stories.
const BYTES: usize = 16_000;
const SEQ: usize = 128;

/// Buddy in f32 and in five codes, measured once.
///
/// # Errors
/// If Buddy cannot be read.
pub fn measured() -> Result<Vec<Stored>, Failure> {
    static MEASURED: OnceLock<Result<Vec<Stored>, Failure>> = OnceLock::new();
    MEASURED.get_or_init(measure).clone()
}

fn measure() -> Result<Vec<Stored>, Failure> {
    let buddy = PocketBuddy::kept()?;
    let (mut read, mut labels, mut bytes) = (Vec::new(), Vec::new(), 0);
    for story in World::new(1).text(2, BYTES).lines() {
        let mut ids = vec![buddy.end];
        ids.extend(buddy.encode(story)?);
        ids.push(buddy.end);
        ids.truncate(SEQ + 1);
        // The end of a story counts as a byte.
        bytes += buddy.decode(&ids[1..])?.len() + usize::from(ids.last() == Some(&buddy.end));
        let rows = read.len() / SEQ + 1;
        labels.extend(ids[1..].iter().map(|&id| i64::from(id)));
        labels.resize(rows * SEQ, -100);
        read.extend(&ids[..ids.len() - 1]);
        read.resize(rows * SEQ, buddy.end);
    }
    let mut engine = Engine::default();
    let mut bits_a_byte = |model: &Model| {
        let loss = engine.loss(model, Texts { ids: &read, labels: &labels, seq: SEQ }).loss;
        loss / std::f64::consts::LN_2 / bytes as f64
    };
    let plain = bits_a_byte(&buddy.model);
    let mut all =
        vec![Stored { name: "f32", bits: 32.0, error: 0.0, said: 32.0, bits_a_byte: plain }];
    let codes: [(&'static str, f64, Quantize); 5] = [
        ("int8", Method::Int8.bits(), int8),
        ("NF4", Method::Plain.bits(), |w, _| four_bits(w, Code::Nf4, false)),
        ("NF4, doubled", Method::Qlora.bits(), |w, _| four_bits(w, Code::Nf4, true)),
        ("FP4", Method::Plain.bits(), |w, _| four_bits(w, Code::Fp4, false)),
        ("uniform", Method::Plain.bits(), |w, _| uniform(w)),
    ];
    for (name, bits, quantize) in codes {
        let mut model = buddy.model.clone();
        let (mut errors, mut squares, mut codes) = (0.0, 0.0, Vec::new());
        for place in Place::all(model.sizes.n_layer) {
            let range = model.weight_range(place);
            let weight = &mut model.parameters[range];
            let [inputs, _] = place.layer.sizes(buddy.model.sizes.n_embd);
            let (again, of_these) = quantize(weight, inputs)?;
            let pairs = weight.iter().zip(&again).map(|(a, b)| (f64::from(*a), f64::from(*b)));
            errors += pairs.clone().map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            squares += pairs.map(|(a, _)| a * a).sum::<f64>();
            codes.extend(of_these);
            weight.copy_from_slice(&again);
        }
        let shares = shares_of(&codes, 256);
        let said = shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum();
        let (error, bits_a_byte) = ((errors / squares).sqrt(), bits_a_byte(&model));
        all.push(Stored { name, bits, error, said, bits_a_byte });
    }
    Ok(all)
}

/// The numbers of a weight again, and their codes.
type Quantize = fn(&[f32], usize) -> Result<(Vec<f32>, Vec<u8>), QloraError>;

fn four_bits(w: &[f32], code: Code, doubled: bool) -> Result<(Vec<f32>, Vec<u8>), QloraError> {
    let mut packed = quantize_4bit(w, code, 64)?;
    if let (true, Absmax::Plain(absmax)) = (doubled, &packed.absmax) {
        packed.absmax = Absmax::Doubled(double_quantize(absmax)?);
    }
    let mut again = vec![0.0; w.len()];
    dequantize_4bit(&packed, 0..w.len(), &mut again)?;
    Ok((again, packed.bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()))
}

fn uniform(w: &[f32]) -> Result<(Vec<f32>, Vec<u8>), QloraError> {
    let levels = uniform_levels();
    let Blocks { codes, absmax } = quantize_blocks(w, &levels, 64)?;
    let number = |(i, code): (usize, &u8)| levels[usize::from(*code)] * absmax[i / 64];
    Ok((codes.iter().enumerate().map(number).collect(), codes))
}

/// By columns of `W`, each of which makes one number: so does bitsandbytes, whose matrices lie the
/// other way around.
fn int8(w: &[f32], inputs: usize) -> Result<(Vec<f32>, Vec<u8>), QloraError> {
    let outputs = w.len() / inputs;
    let columns: Vec<f32> = (0..w.len()).map(|at| w[at % inputs * outputs + at / inputs]).collect();
    let int8 = quantize_int8(&columns, inputs)?;
    let again = int8.dequantize();
    let again = (0..w.len()).map(|at| again[at % outputs * inputs + at / outputs]).collect();
    Ok((again, int8.codes.iter().map(|&code| (i16::from(code) + 128) as u8).collect()))
}
