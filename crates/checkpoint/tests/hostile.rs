//! Files that nobody wrote: no panic, no memory for what is only claimed, and the verdict of the
//! format's own library.

use std::cell::Cell;
use std::collections::BTreeSet;

use cap::Cap;
use checkpoint::Checkpoint;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use safetensors::SafeTensors;

#[global_allocator]
static MEMORY: Cap<std::alloc::System> = Cap::new(std::alloc::System, usize::MAX);

/// What is allocated whatever the file, above all for the backtrace of an error.
const FIXED: usize = 8 << 20;

/// Reads a file and takes all of its tensors, with so little memory that a claim cannot be filled.
fn read(file: &[u8]) -> Option<Vec<(String, Vec<usize>)>> {
    let header = file.get(..8).map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().unwrap()));
    let header = header.min(file.len() as u64) as usize;
    let copy = file.to_vec();
    // Names, shapes and ranges take more than their text; a tensor of bf16 becomes twice as large.
    MEMORY.set_limit(MEMORY.allocated() + 6 * header + 4 * file.len() + FIXED).unwrap();
    let tensors = Checkpoint::read(copy).ok().map(|mut weights| {
        let names: Vec<String> = weights.names().map(str::to_owned).collect();
        names
            .into_iter()
            .map(|name| {
                let shape = weights.shape(&name).unwrap_or_default().to_vec();
                let _ = weights.take(&name, &shape);
                (name, shape)
            })
            .collect()
    });
    MEMORY.set_limit(usize::MAX).unwrap();
    tensors
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["a", "b", "c", "h.0.w", "h.1.w", "ü\"\n", "\0", "", "__metadata__"][..])
}

fn dtype() -> impl Strategy<Value = &'static str> {
    let known = prop::sample::select(&["F32", "F16", "BF16", "F64", "U8", "I64", "BOOL"][..]);
    prop_oneof![9 => known, 1 => prop::sample::select(&[THEIRS, "F99", "f32", ""][..])]
}

/// A type that candle cannot read.
const THEIRS: &str = "F8_E4M3";

/// A size: mostly small, sometimes one that overflows with others.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0..5_u64, 1 => prop::sample::select(&[1 << 31, 1 << 32, u64::MAX][..])]
}

/// A file: a header of which each part may be wrong, and bytes behind it that may not fit; and
/// whether their library may read it and ours not.
fn file() -> impl Strategy<Value = (Vec<u8>, bool)> {
    let shift = prop_oneof![12 => Just(0_i64), 1 => -3..4_i64, 1 => Just(i64::MIN)];
    let row = (name(), dtype(), prop::collection::vec(size(), 0..4), shift.clone(), shift.clone());
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..2);
    let rows = prop::collection::vec(row, 0..5);
    (rows, shift.clone(), shift, edits).prop_map(|(rows, cut, length, edits)| {
        let (mut header, mut at) = (Vec::new(), 0_u64);
        // They take the last of two tensors of one name. An edit may make two names one.
        let names: BTreeSet<&str> = rows.iter().map(|row| row.0).collect();
        let may_differ = !edits.is_empty()
            || names.len() < rows.len()
            || rows.iter().any(|row| row.1 == THEIRS)
            // Of no numbers, but with strides that candle cannot multiply.
            || rows.iter().any(|row| row.2.contains(&0) && row.2.iter().any(|&size| size > 1 << 20));
        for (name, dtype, shape, begin, end) in rows {
            let each = match dtype {
                "F32" => 4,
                "F16" | "BF16" => 2,
                "F64" | "I64" => 8,
                _ => 1,
            };
            let size = shape.iter().fold(each, |size: u64, &n| size.wrapping_mul(n)) % 4096;
            let range = [at.wrapping_add_signed(begin), (at + size).wrapping_add_signed(end)];
            let name = serde_json::to_string(name).unwrap();
            header.push(format!(
                "{name}:{{\"dtype\":\"{dtype}\",\"shape\":{shape:?},\"data_offsets\":{range:?}}}"
            ));
            at += size;
        }
        let header = format!("{{{}}}", header.join(","));
        let mut file = (header.len() as u64).wrapping_add_signed(length).to_le_bytes().to_vec();
        file.extend(header.bytes());
        let data = at.saturating_add_signed(cut).min(1 << 16) as usize;
        file.extend((0..data).map(|i| i as u8));
        for (place, byte) in edits {
            let place = place.index(file.len());
            file[place] = byte;
        }
        (file, may_differ)
    })
}

/// The whole of this program, since memory is counted for all of its threads.
#[test]
fn no_file_breaks_the_reader() {
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let long = format!("{{\"w\":{{\"dtype\":\"F32\",\"shape\":[{}1]", "1,".repeat(1 << 22));
    let many: Vec<String> = (0..200_000)
        .map(|i| format!("\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"))
        .collect();
    let notes = format!("{{\"__metadata__\":{{\"a\":\"{}\"}}}}", "x".repeat(100 << 20));
    for (header, is_read) in
        [(deep, false), (long, false), (format!("{{{}}}", many.join(",")), false), (notes, true)]
    {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.bytes());
        assert_eq!(read(&file).is_some(), is_read, "{:.60}", header);
    }

    let config = Config { cases: 10_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let accepted = Cell::new(0);
    TestRunner::new_with_rng(config, rng)
        .run(&file(), |(file, may_differ)| {
            let theirs = SafeTensors::deserialize(&file).ok().map(|all| {
                let mut all: Vec<_> = all
                    .tensors()
                    .into_iter()
                    .map(|(name, tensor)| (name, tensor.shape().to_vec()))
                    .collect();
                all.sort();
                all
            });
            let ours = read(&file);
            accepted.set(accepted.get() + usize::from(ours.is_some()));
            if ours.is_some() || !may_differ {
                prop_assert_eq!(ours, theirs);
            }
            Ok(())
        })
        .unwrap();
    assert!(accepted.get() > 1_000, "only {accepted:?} of the files were good");
}
