//! Texts and their twins, and what a model makes of them.

use grading::draw::{self, Strategy};
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is, expect_same,
};
use tinytown::Group;

use crate::oracle::twins;
use crate::town::{SEED, pairs, town};
use crate::{Answers, BiasError, SOLUTION, TwinGap};

fn expect_twin(answers: &Answers, text: &str, pairs: &[(&str, &str)], want: &str) -> Outcome {
    let got = (answers.counterfactual)(text, pairs)?;
    expect_same(&format!("the twin of {text:?} with {pairs:?}"), got.as_str(), want)
}

pub fn twins_are_those_of_python(answers: &Answers) -> Outcome {
    for case in twins()? {
        expect_twin(answers, &case.text, &case.pairs(), &case.twin)?;
    }
    // Capitals that are two letters, and letters without one.
    let pairs = [("ßa", "x"), ("ªb", "y"), ("語", "z"), ("éa", "Q"), ("ǆ", "m")];
    let text = "SSa, ßa, X, x; ªb, Y, y; 語 z Z, 語語; Éa éa q Q; Ǆ M ǅ ǆ";
    let want = "X, x, SSa, ßa; y, Y, ªb; z 語 Z, 語語; Éa Q q éa; M Ǆ ǅ m";
    expect_twin(answers, text, &pairs, want)?;
    expect_twin(answers, "Ada met nobody.", &[], "Ada met nobody.")?;
    let pairs = [("Jo-Ann", "Bo"), ("Jo", "Al"), ("Bo", "Jo-Ann Li")];
    expect_twin(answers, "Jo-Ann, Jo, Al-Ann", &pairs[..2], "Bo, Al, Jo-Ann")?;
    expect_twin(answers, "Jo-Ann Li, Jo-Li", &pairs[1..], "Bo, Al-Li")?;
    let long = "Ada and Rose, Rosetta. ".repeat(3000);
    expect_twin(answers, &long, &[("Ada", "Rose")], &"Rose and Ada, Rosetta. ".repeat(3000))
}

pub fn twin_of_a_twin_is_the_text(answers: &Answers) -> Outcome {
    twins_are_those_of_python(answers)?;
    let world = town(SEED, 0);
    let pairs = pairs(&world);
    let backward: Vec<(&str, &str)> = pairs.iter().rev().map(|&(p, q)| (q, p)).collect();
    for told in world.sentiments(7).take(60) {
        let text = told.text;
        let twin = (answers.counterfactual)(&text, &pairs)?;
        let named = pairs.iter().any(|&(p, q)| text.contains(p) || text.contains(q));
        expect((twin != text) == named, || {
            format!("a text in which somebody is named has another twin; {text:?} got {twin:?}")
        })?;
        // The order of pairs, and of the two in a pair, does not matter.
        expect_twin(answers, &text, &backward, &twin)?;
        expect_twin(answers, &twin, &pairs, &text)?;
    }
    Ok(())
}

pub fn contradicting_pairs_are_refused(answers: &Answers) -> Outcome {
    twins_are_those_of_python(answers)?;
    let phrase = |phrase: &str| BiasError::Phrase { phrase: phrase.into() };
    let twice = |phrase: &str| BiasError::Ambiguous { phrase: phrase.into() };
    for (pairs, want) in [
        (vec![("he", "she"), ("him", "her"), ("his", "her")], twice("her")),
        (vec![("a", "b"), ("b", "c")], twice("b")),
        (vec![("Rose", "Rose")], twice("Rose")),
        (vec![("rose", "oak"), ("Rose", "Tom")], twice("Rose")),
        (vec![("Tom", "Rose"), ("oak", "rose")], twice("Rose")),
        (vec![("a b", "c"), ("d", "a b")], twice("a b")),
        (vec![("x", "y"), ("y", "x")], twice("y")),
        (vec![("", "b")], phrase("")),
        (vec![("a", "a"), ("b", "c ")], phrase("c ")),
        (vec![("Rose", "Ada!")], phrase("Ada!")),
        (vec![("'n", "b"), ("", "c")], phrase("'n")),
        (vec![("b", "_c"), (" ", "c")], phrase("_c")),
    ] {
        for text in ["", "Rose and he"] {
            let what = format!("{text:?} with {pairs:?}");
            expect_error_is(&what, (answers.counterfactual)(text, &pairs), &want)?;
        }
    }
    Ok(())
}

const PIECES: [&str; 26] = [
    "Rose",
    "Rose Lane",
    "rose",
    "Ada",
    "Ada's",
    "he",
    "He",
    "HE",
    "she",
    "her",
    "Tom",
    "Lane",
    "Zoë",
    "語",
    "ß",
    "SS",
    " ",
    " ",
    " ",
    ".",
    "'",
    "-",
    "_",
    "\n",
    "3",
    "e\u{301}",
];

fn drawn_text(most: usize) -> impl Strategy<Value = String> {
    let pieces = draw::select(PIECES.to_vec());
    draw::prop_oneof![
        6 => draw::list(pieces, 0..=most).prop_map(|pieces| pieces.concat()),
        1 => draw::text(most),
    ]
}

fn drawn_pairs() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let good = vec![
        ("Rose", "Tom"),
        ("Rose Lane", "Lane 3"),
        ("he", "she"),
        ("Ada", "Ada Rose"),
        ("Zoë", "x"),
        ("語", "Lane"),
        ("ß", "her"),
    ];
    let any = vec![("Tom", "rose"), ("her", "Her"), ("e\u{301}", "y"), ("HE", "Rose"), ("3", "he")];
    draw::prop_oneof![
        8 => draw::subsequence(good.clone(), 0..=good.len()),
        1 => draw::list(draw::select([good, any].concat()), 0..=4),
    ]
}

pub fn twins_agree(answers: &Answers) -> Outcome {
    differential((drawn_text(14), drawn_pairs()), |(text, pairs)| {
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.counterfactual)(text, pairs));
        agree("counterfactual", got, want, |got, want| expect_same("the twin", got, want))
    })
}

fn expect_gap(what: &str, got: &TwinGap, want: &TwinGap) -> Outcome {
    let near = Tolerance { rtol: 1e-9, atol: 1e-9 };
    let n = want.gaps.len();
    expect_close(&format!("{what}: the gaps"), &[n], &got.gaps, &want.gaps, near)?;
    let means = |gap: &TwinGap| [gap.mean, gap.mean_size];
    expect_close(&format!("{what}: mean and mean size"), &[2], &means(got), &means(want), near)
}

const PAIRS: [(&str, &str); 2] = [("Ada", "Tom"), ("Rose Lane", "Mill Road")];
use Group::{Hill, Shore};

/// A model that likes each letter a differently from each o.
fn taste(text: &str) -> f64 {
    let n = |c| text.matches(c).count() as f64;
    n('a') + 0.25 * n('o') - 3.0 * n('T')
}

pub fn gap_is_hill_less_shore(answers: &Answers) -> Outcome {
    let texts = [
        ("Ada sang.", Hill),           // 2 − (1 + 0.25 − 3)
        ("Tom sang.", Shore),          // the same
        ("In Rose Lane", Hill),        // 1.25 − (1 + 0.25)
        ("Ada saw Tom", Shore),        // both ways: 0
        ("Tom, though a guest", Hill), // (0.5 + 1 − 3) − (1 + 0.25 + 1)
    ];
    let gaps = [2, 4, 5].map(|n| (answers.twin_gap)(&taste, &texts[..n], &PAIRS));
    let want = [3.75, 3.75, 0.0, 0.0, -3.75];
    for (got, n) in gaps.into_iter().zip([2, 4, 5]) {
        let gaps = want[..n].to_vec();
        let mean = gaps.iter().sum::<f64>() / n as f64;
        let mean_size = gaps.iter().map(|gap| gap.abs()).sum::<f64>() / n as f64;
        let what = format!("the first {n} of {texts:?}");
        expect_gap(&what, &got?, &TwinGap { gaps, mean, mean_size })?;
    }
    // A model that does not read names has no gap, and one that reads nothing else has all of it.
    let blind = (answers.twin_gap)(&|text| text.matches(' ').count() as f64, &texts, &PAIRS)?;
    expect_same("the gaps of a model that counts spaces", &blind.gaps, &vec![0.0; 5])?;
    let signs = [("Ada", Hill), ("Ada", Shore), ("Tom", Hill), ("Tom", Shore), ("Ada", Hill)];
    let got = (answers.twin_gap)(&|text| f64::from(u8::from(text == "Ada")), &signs, &PAIRS)?;
    let want = TwinGap { gaps: vec![1.0, -1.0, -1.0, 1.0, 1.0], mean: 0.2, mean_size: 1.0 };
    expect_gap("a model that likes Ada", &got, &want)
}

pub fn texts_without_twins_are_left_out(answers: &Answers) -> Outcome {
    let texts = [("The soup", Hill), ("Ada", Hill), ("", Shore), ("Tomcat", Shore), ("Tom", Shore)];
    let got = (answers.twin_gap)(&taste, &texts, &PAIRS)?;
    let want = TwinGap { gaps: vec![3.75, 3.75], mean: 3.75, mean_size: 3.75 };
    expect_gap(&format!("{texts:?}"), &got, &want)?;
    let nan_for =
        |bad: &'static str, value: f64| move |text: &str| if text == bad { value } else { 0.0 };
    let score = |at, score| BiasError::Score { at, score };
    let twice = BiasError::Ambiguous { phrase: "Ada".into() };
    let inf = f64::INFINITY;
    let both = |text: &str| if text == "Ada" { -inf } else { f64::NAN };
    for (what, got, want) in [
        ("−∞ for Ada, NaN for Tom", (answers.twin_gap)(&both, &texts, &PAIRS), score(1, -inf)),
        ("no texts", (answers.twin_gap)(&taste, &[], &PAIRS), BiasError::NoTwins),
        ("two without names", (answers.twin_gap)(&taste, &texts[2..4], &PAIRS), BiasError::NoTwins),
        ("no pairs", (answers.twin_gap)(&taste, &texts, &[]), BiasError::NoTwins),
        (
            "NaN for Ada, text 1",
            (answers.twin_gap)(&nan_for("Ada", f64::NAN), &texts, &PAIRS),
            score(1, f64::NAN),
        ),
        (
            "∞ for Tom, the twin of text 1",
            (answers.twin_gap)(&nan_for("Tom", inf), &texts, &PAIRS),
            score(1, inf),
        ),
        (
            "−1000.5 for Tom, which is text 1 here",
            (answers.twin_gap)(&nan_for("Tom", -1000.5), &texts[3..], &PAIRS),
            score(1, -1000.5),
        ),
        (
            "Ada in two pairs",
            (answers.twin_gap)(&taste, &texts, &[("Ada", "Tom"), ("Mia", "Ada")]),
            twice,
        ),
    ] {
        expect_error_is(what, got, &want)?;
    }
    // A text without a twin is not asked for, whatever a model says of it.
    let got = (answers.twin_gap)(&nan_for("The soup", f64::NAN), &texts, &PAIRS)?;
    expect_same("gaps where only a text without a twin has NaN", &got.gaps, &vec![0.0; 2])
}

pub fn gaps_agree(answers: &Answers) -> Outcome {
    let text = (drawn_text(8), draw::select(vec![Hill, Shore]));
    let drawn = (draw::list(text, 0..=8), drawn_pairs(), 0..12_u8);
    differential(drawn, |(texts, pairs, odd)| {
        let texts: Vec<(&str, Group)> = texts.iter().map(|(t, g)| (t.as_str(), *g)).collect();
        // A number that depends on each byte and its place.
        let model = |text: &str| {
            let sum =
                text.bytes().fold(7_u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
            let score = f64::from(sum % 4001) / 2.0 - 1000.0;
            if *odd == 0 { 1.1 * score } else { score }
        };
        let [got, want] =
            [answers, &SOLUTION].map(|answers| (answers.twin_gap)(&model, &texts, pairs));
        agree("twin_gap", got, want, |got, want| expect_gap("these", got, want))
    })
}
