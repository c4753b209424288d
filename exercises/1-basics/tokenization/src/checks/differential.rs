//! Answers beside the reference, on drawn inputs.

use std::collections::{BTreeMap, HashMap};

use grading::draw::{self, Strategy, prop_oneof};
use grading::{Differential, Outcome, agree, differential, expect_eq, expect_same};

use crate::{Answers, BYTE_TOKENS, Bpe, Pair, SOLUTION, Word, byte_id, fast};

/// Ids of which two look alike where 8 or 16 bits of them are kept, or a pair packed in 16 or 32.
const IDS: [u32; 6] = [0, 1, 2, 256, 65_536, u32::MAX];

/// Short and very long tokens, runs, and phrases of [`IDS`].
fn tokens() -> impl Strategy<Value = Vec<u32>> {
    draw::tokens(IDS.len() as u32, 300)
        .prop_map(|tokens| tokens.iter().map(|&i| IDS[i as usize]).collect())
}

pub fn counting_like_reference(answers: &Answers) -> Outcome {
    let word =
        (tokens(), draw::count()).prop_map(|(tokens, count)| Word { tokens, count: count.max(1) });
    differential(draw::list(word, 0..=30), |words| {
        let counts = |answers: &Answers| -> BTreeMap<Pair, u64> {
            (answers.count_pairs)(words).into_iter().filter(|&(_, count)| count > 0).collect()
        };
        expect_same("pairs and counts", &counts(answers), &counts(&SOLUTION))
    })
}

pub fn choosing_like_reference(answers: &Answers) -> Outcome {
    let id = || prop_oneof![0..40_u32, draw::select(IDS.to_vec())];
    let large = [1, 1 << 32, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX - 1, u64::MAX];
    let count = prop_oneof![1..4_u64, draw::select(large.to_vec())];
    let counts = draw::list(((id(), id()), count), 0..=1100);
    differential(counts.prop_map(HashMap::from_iter), |counts: &HashMap<Pair, u64>| {
        let (got, want) = ((answers.best_pair)(counts), (SOLUTION.best_pair)(counts));
        let shown = |pair: Option<Pair>| pair.map(|pair| (pair, counts.get(&pair)));
        expect_same("the best pair and its count", &shown(got), &shown(want))
    })
}

pub fn merging_like_reference(answers: &Answers) -> Outcome {
    let id = || draw::select(IDS.to_vec());
    differential((tokens(), (id(), id()), id()), |(tokens, pair, id)| {
        let got = (answers.merge_pair)(tokens, *pair, *id);
        expect_eq("merged", &got, &(SOLUTION.merge_pair)(tokens, *pair, *id))
    })
}

/// Special tokens: ordinary letters, one that begins like another, one with spaces.
const SPECIAL: [&str; 7] = ["<|a|>", "<|a|>b", "<|the end|>", "a", " ", "é", "\n"];

/// Text of all scripts with special tokens and halves of them in it.
fn text() -> impl Strategy<Value = String> {
    let halves = ["<|", "a|>", "<|a|", "'ll", "'LL", " '", "\u{ad}", "í", "aab", "baba"];
    let sign = draw::select([&SPECIAL[..], &halves].concat()).prop_map(str::to_owned);
    let pieces = draw::list(prop_oneof![3 => draw::text(6), 2 => sign], 0..=12);
    let mark = draw::select(vec!["", "", "", "", "\u{feff}"]);
    (mark, pieces).prop_map(|(mark, pieces)| mark.to_owned() + &pieces.concat())
}

/// Long words, yet not too long for time quadratic in them, and more words than 16 bits count.
fn long_texts() -> [String; 3] {
    ["a".repeat(10_000), "abaab".repeat(2000), " the".repeat(66_000) + &" cat".repeat(70_000)]
}

/// Text of so many of these letters.
fn letters(count: usize, letters: &str) -> impl Strategy<Value = String> + use<> {
    let letters = draw::select(letters.chars().collect::<Vec<_>>());
    draw::list(letters, count..=count).prop_map(String::from_iter)
}

pub fn training_like_reference(answers: &Answers) -> Outcome {
    let check = |(text, special, (missing, room)): &(String, Vec<&str>, (usize, usize))| {
        let least = BYTE_TOKENS + special.len();
        // The same text again, so that nothing may be left over from the first time.
        for (size, special) in [(least + room, &special[..]), (BYTE_TOKENS + 9, &[])] {
            let size = if *missing > 0 { least.saturating_sub(*missing) } else { size };
            let what = format!("bpe_train(text, {size}, {special:?})");
            let got = (answers.bpe_train)(text, size, special);
            agree(&what, got, (SOLUTION.bpe_train)(text, size, special), |got, want| {
                expect_eq(&format!("{what}: merges"), got.merges(), want.merges())?;
                expect_eq("special tokens", got.special_tokens(), want.special_tokens())
            })?;
        }
        Ok(())
    };
    // Some twice, some empty.
    let special = draw::list(draw::select([&SPECIAL[..], &[""]].concat()), 0..=3);
    let room = prop_oneof![draw::lengths(0..=150), draw::Just(400)];
    let missing = draw::select(vec![0, 0, 0, 0, 0, 1, 300]);
    differential((text(), special, (missing, room)), check)?;
    // Enough to learn for more than 1,000 merges, and all the room there is, without its last bits.
    let none = || draw::Just(Vec::new());
    Differential::cases(1)
        .run((letters(3000, "abcdefgé "), none(), draw::Just((0, 1100))), check)?;
    let all = draw::Just((0, usize::MAX << 16));
    Differential::cases(1).run((letters(20, "ab "), none(), all), check)?;
    long_texts().into_iter().try_for_each(|text| {
        Differential::cases(1).run(draw::Just((text, Vec::new(), (0, 20))), check)
    })
}

fn trained_on(text: &str, merges: usize) -> Vec<Pair> {
    let bpe = fast::train(text, BYTE_TOKENS + merges, &[]);
    bpe.map(|bpe| bpe.merges().to_vec()).unwrap_or_default()
}

/// Merges as training learns them, and merges in any order.
fn merges() -> impl Strategy<Value = Vec<Pair>> {
    let trained = (text(), 0..300_usize).prop_map(|(text, merges)| trained_on(&text, merges));
    let places = draw::list((0..200_usize, 0..200_usize), 0..=200);
    // Of few letters, which meet again and again, or of many.
    let any = (draw::select(vec![2, 3, 30]), places).prop_map(|(letters, places)| {
        let letters = "ab ceht'<|>é語\u{ad}".bytes().map(byte_id).take(letters);
        let mut known: Vec<u32> = letters.collect();
        let mut merges = Vec::new();
        for (left, right) in places {
            let pair = (known[left % known.len()], known[right % known.len()]);
            if !merges.contains(&pair) {
                known.push((BYTE_TOKENS + merges.len()) as u32);
                merges.push(pair);
            }
        }
        merges
    });
    prop_oneof![trained, any]
}

/// All pairs of bytes, more than 16 bits count; those that begin with a come last.
fn all_pairs() -> Vec<Pair> {
    let lefts = (0..256).map(|id| (id + byte_id(b'b')) % 256);
    lefts.flat_map(|left| (0..256).map(move |right| (left, right))).collect()
}

fn special() -> impl Strategy<Value = Vec<&'static str>> {
    draw::subsequence(SPECIAL.to_vec(), 0..=3)
}

pub fn encoding_like_reference(answers: &Answers) -> Outcome {
    let check = |(merges, text, special): &(Vec<Pair>, String, Vec<&str>)| {
        // The same text in another vocabulary, so that nothing may be left over from the first.
        for merges in [&merges[..], &merges[..merges.len() / 2]] {
            let bpe = Bpe::new(merges.to_vec(), special)?;
            let what = format!("ids with the first {} merges", merges.len());
            expect_eq(&what, &(answers.encode)(&bpe, text), &(SOLUTION.encode)(&bpe, text))?;
        }
        Ok(())
    };
    differential((merges(), text(), special()), check)?;
    let signs = draw::list(draw::select(SPECIAL.to_vec()), 9..=9);
    let text = signs.prop_map(|signs| format!("ab{}", signs.concat()));
    Differential::cases(12).run((draw::Just(all_pairs()), text, special()), check)?;
    // A word that needs hundreds of merges, one after the other.
    let word = letters(900, "abcdefgé").prop_map(|word| (trained_on(&word, 800), word, Vec::new()));
    Differential::cases(1).run(word, check)?;
    long_texts().into_iter().try_for_each(|text| {
        Differential::cases(1).run(draw::Just((trained_on(&text, 20), text, Vec::new())), check)
    })
}

/// Merges and special tokens; ids, and where some are put that lie beyond, if the last is 0.
type Decoded = (Vec<Pair>, Vec<&'static str>, (Vec<Vec<u32>>, Vec<(usize, u32)>, i32));

pub fn decoding_like_reference(answers: &Answers) -> Outcome {
    let known = prop_oneof![
        draw::bytes(40).prop_map(|bytes| bytes.into_iter().map(byte_id).collect::<Vec<_>>()),
        draw::list(0..1_000_000_u32, 0..=20),
    ];
    let unknown = draw::select(vec![0, 1, 2, 256, 65_536, u32::MAX / 2]);
    let ids = (draw::list(known, 0..=20), draw::list((0..400_usize, unknown), 0..=2), 0..3);
    let merges = prop_oneof![20 => merges(), 1 => draw::Just(all_pairs())];
    let check = |(merges, special, (known, unknown, rare)): &Decoded| {
        let bpe = Bpe::new(merges.clone(), special)?;
        let size = bpe.vocab_size() as u32;
        let mut ids: Vec<u32> = known.iter().flatten().map(|id| id % size).collect();
        for &(place, beyond) in unknown.iter().filter(|_| *rare == 0) {
            ids.insert(place % (ids.len() + 1), size + beyond);
        }
        let what = format!("decode of {ids:?}");
        let (got, want) = ((answers.decode)(&bpe, &ids), (SOLUTION.decode)(&bpe, &ids));
        agree(&what, got, want, |got, want| expect_same(&what, got, want))
    };
    differential((merges, special(), ids), check)?;
    // Thousands of ids, and characters of two to four bytes, wherever one cuts them.
    let long = "é語👍".bytes().map(byte_id).cycle().take(9000).collect();
    let long = (Vec::new(), Vec::new(), (vec![long], Vec::new(), 1));
    Differential::cases(1).run(draw::Just(long), check)
}
