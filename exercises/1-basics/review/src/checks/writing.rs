//! The text that Buddy writes.

use grading::random::seeded;
use grading::{Failure, Outcome, expect, expect_distribution, expect_error};
use softmax_sampling::Sampling;
use tokenization::{Bpe, byte_id};
use what_an_llm_is::solution::fit;

use super::GREEDY;
use crate::oracle::{self, Windows};
use crate::{Answers, Buddy};

/// What a Buddy writes without chance, compared with what must come.
fn expect_greedy(answers: &Answers, buddy: &Buddy, cases: &[(&str, usize, &str)]) -> Outcome {
    for &(prompt, max_tokens, want) in cases {
        let got = (answers.complete)(buddy, prompt, &GREEDY, max_tokens, &mut seeded(11))?;
        expect(got == want, || {
            format!(
                "after {prompt:?}, at most {max_tokens} new tokens, temperature 0: expected {want:?}, got {got:?}"
            )
        })?;
    }
    Ok(())
}

pub fn a_greedy_text_goes_round_the_ring(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg\n", 2)?;
    expect_greedy(
        answers,
        &buddy,
        &[("b", 40, "bcdefg"), ("abc", 40, "abcdefg"), ("gab", 7, "gabcdefg")],
    )
}

pub fn all_tokens_before_count(answers: &Answers) -> Outcome {
    // Only the first character of a line tells how it ends, however long ago that was.
    let long: String = ('A'..='Z').chain('a'..='j').collect();
    for (first, between) in
        [("z", "ab"), ("z", &long), ("\n", "ab"), ("\u{feff}", "ab"), ("\u{3000}", "ab")]
    {
        let (k, z) = (format!("k{between}1"), format!("{first}{between}2"));
        let buddy = oracle::byte_buddy(&format!("{k}\n{z}\n"), z.len())?;
        let cases = [(&z[..z.len() - 1], 90, &*z), (&k[..2], 90, &k), ("k", 90, &k)];
        expect_greedy(answers, &buddy, &cases)?;
    }
    Ok(())
}

pub fn at_most_so_many_tokens_are_new(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg", 2)?;
    let long = "cdefgab".repeat(200);
    let cases = [("cd", 5, "cdefgab"), ("cd", 1, "cde"), ("cd", 0, "cd"), ("fgabc", 2, "fgabcde")];
    expect_greedy(answers, &buddy, &[&cases[..], &[("cd", long.len() - 2, &long)]].concat())
}

pub fn a_token_may_hold_a_line_end(answers: &Answers) -> Outcome {
    let [a, g, end, h] = [b'a', b'g', b'\n', b'h'].map(byte_id);
    // Token 256 is "g\n", token 257 is "g\nh".
    let bpe = Bpe::new(vec![(g, end), (256, h)], &[])?;
    for (token, place) in [(257, "in the middle of it"), (256, "at its end")] {
        let buddy = Buddy { bpe: bpe.clone(), ngram: fit(&[a, token].repeat(50), 2, 258)? };
        let got = (answers.complete)(&buddy, "a", &GREEDY, 6, &mut seeded(11))?;
        expect(got == "ag", || {
            format!(
                "the token after a begins with g and has a line end {place}: expected \"ag\", got {got:?}"
            )
        })?;
    }
    Ok(())
}

pub fn the_prompt_is_kept(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("xyz\n", 2)?;
    for prompt in
        ["\nx", "  x", "one\n\ntwo\nx", " naïve 🦇\r\nx", "e\u{301}\u{200d}x", "\u{FFFD}x"]
    {
        expect_greedy(answers, &buddy, &[(prompt, 9, &format!("{prompt}yz"))])?;
    }
    // Without a prompt, the likeliest byte comes first: of equals, the lowest id.
    expect_greedy(answers, &oracle::byte_buddy("qqqqr\n", 5)?, &[("", 4, "qqqq")])
}

pub fn characters_of_several_tokens_stay_whole(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("xé→🐟!\n", 3)?;
    let cases = [
        ("x", 20, "xé→🐟!"),
        ("xé", 4, "xé→\u{FFFD}"),
        ("x", 1, "x\u{FFFD}"),
        ("x", 3, "xé\u{FFFD}"),
        ("xé→", 4, "xé→🐟"),
    ];
    expect_greedy(answers, &buddy, &cases)
}

const DRAWS: usize = 2000;

pub fn the_first_token_follows_the_settings(answers: &Answers) -> Outcome {
    let text = "xaxaxaxaxaxbxbxbxcxc";
    let tokens: Vec<u32> = text.bytes().map(byte_id).collect();
    let buddy = Buddy { bpe: Bpe::new(vec![], &[])?, ngram: fit(&tokens, 2, 256)? };
    let windows = Windows::new(&tokens, 2, 256);
    let all = Sampling::default();
    let mut rng = seeded(11);
    // The letters that the filters leave, and whether others are left, too.
    for (sampling, kept, others) in [
        (all, "abcx", true),
        (Sampling { temperature: 0.5, top_k: Some(3), ..all }, "abc", false),
        (Sampling { temperature: 3.0, top_k: Some(2), ..all }, "ab", false),
        (Sampling { top_p: Some(0.5), ..all }, "ab", false),
        (Sampling { min_p: Some(0.5), ..all }, "ab", false),
    ] {
        let weight = |letter: u8| {
            windows.prob(&[byte_id(b'x')], byte_id(letter)).powf(1.0 / sampling.temperature)
        };
        let mut want: Vec<f64> = kept.bytes().map(weight).collect();
        let sum: f64 = want.iter().sum();
        if others {
            want.push(1.0 - sum);
        } else {
            want.iter_mut().for_each(|p| *p /= sum);
            want.push(0.0);
        }
        let mut counts = vec![0; want.len()];
        for _ in 0..DRAWS {
            let text = (answers.complete)(&buddy, "x", &sampling, 1, &mut rng)?;
            let new = text.strip_prefix('x').ok_or_else(|| {
                Failure::wrong(format!("the prompt x is not the beginning of {text:?}"))
            })?;
            let place = new.chars().next().and_then(|letter| kept.find(letter));
            counts[place.unwrap_or(kept.len())] += 1;
        }
        let what =
            format!("text {text:?}, first new byte, one of {kept} or another, with {sampling:?}");
        expect_distribution(&what, &counts, &want)?;
    }
    Ok(())
}

pub fn writing_refuses_bad_settings(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg\n", 2)?;
    // An answer that always fails must not pass.
    expect_greedy(answers, &buddy, &[("d", 9, "defg")])?;
    let all = Sampling::default();
    for sampling in [
        Sampling { temperature: -1.0, ..all },
        Sampling { temperature: f64::NAN, ..all },
        Sampling { top_k: Some(0), ..all },
        Sampling { top_p: Some(1.5), ..all },
    ] {
        let text = (answers.complete)(&buddy, "d", &sampling, 9, &mut seeded(11));
        expect_error(&format!("writing with {sampling:?}"), text)?;
        let text = (answers.complete)(&buddy, "d", &sampling, 0, &mut seeded(11))?;
        expect(text == "d", || format!("no new tokens after \"d\": got {text:?}"))?;
    }
    Ok(())
}
