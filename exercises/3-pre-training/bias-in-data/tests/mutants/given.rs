//! What is given does what its docs say.

use bias_in_data::town::{
    BALANCED, NAMES, Remedy, SEED, TRAINING, Trained, examples, jobs, measure, pairs, town,
};
use bias_in_data::{BiasError, SOLUTION, Vectors};
use tinytown::Group;

#[test]
fn vectors_have_a_length_of_1_or_are_left_out() {
    let rows = [
        ("large", vec![3e200, -4e200]),
        ("tiny", vec![3e-200, 4e-200]),
        ("zero", vec![0.0, -0.0]),
        ("nan", vec![1.0, f64::NAN]),
        ("infinite", vec![1.0, f64::INFINITY]),
        ("none", vec![]),
    ];
    let vectors = Vectors::new(rows.map(|(word, row)| (word.to_string(), row)));
    let close = |word: &str, want: [f64; 2]| {
        let row = vectors.unit(word).unwrap();
        assert!(row.iter().zip(want).all(|(x, y)| (x - y).abs() < 1e-12), "{word}: {row:?}");
    };
    close("large", [0.6, -0.8]);
    close("tiny", [0.6, 0.8]);
    for word in ["zero", "nan", "infinite", "none", "other"] {
        assert_eq!(vectors.unit(word), Err(BiasError::UnknownWord { word: word.into() }));
    }
}

#[test]
fn vectors_are_learned_from_common_texts() {
    let texts = ["a b", "a b c", "c d", "d", "e"];
    let texts = texts.map(|text| text.split(' ').map(String::from).collect::<Vec<_>>());
    let vectors = Vectors::learn(&texts, 2);
    // n(a, b) = 2 of 5, with n(a) = n(b) = 2: more than by chance. c and d, 1 with 2 and 2: as well.
    let (ab, ac) = ((2.0 * 5.0 / 4.0_f64).ln(), (5.0 / 4.0_f64).ln());
    let a = vectors.unit("a").unwrap();
    assert!((a[1] / a[2] - ab / ac).abs() < 1e-12 && a[0] == 0.0 && a[3] == 0.0, "{a:?}");
    assert!(vectors.unit("e").is_err());
}

#[test]
fn errors_say_what_to_do() {
    let word = || "Ada".to_string();
    for (error, says) in [
        (BiasError::Counts { hits: 3, of: 2 }, "3 of 2 is no share: count"),
        (BiasError::Width { z: -1.0 }, "take 0 to 100"),
        (BiasError::NoWords, "give each at least one"),
        (BiasError::UnknownWord { word: word() }, "“Ada” has no vector: leave it out"),
        (BiasError::Sizes { x: 1, y: 2 }, "make the two groups equally large"),
        (BiasError::Score { at: 1, score: f64::NAN }, "score 1 is NaN: scores are"),
        (BiasError::TooMany { scores: 11, most: 10 }, "11 scores a group"),
        (BiasError::Phrase { phrase: word() }, "it has to begin and end with"),
        (BiasError::Ambiguous { phrase: word() }, "keep one pair with it"),
        (BiasError::EmptyCell { group: 0, label: 1 }, "group 0 has no text with the label 1"),
        (BiasError::NoTwins, "no text has a twin: give"),
    ] {
        assert!(error.to_string().contains(says), "{error}");
    }
}

/// What the page says of its town.
#[test]
fn town_is_what_the_page_says() {
    let world = town(SEED, 60);
    let hill = world.people.iter().filter(|p| p.group == Group::Hill).count();
    assert_eq!((hill, world.people.len(), pairs(&world).len()), (16, 32, 22));
    let [on_hill, on_shore] = jobs(&world);
    assert_eq!((on_hill.len(), on_shore.len()), (5, 5));
    assert!(on_hill.contains(&"gardener") && on_shore.contains(&"smith"));
    for p in &world.people {
        assert!(p.group == Group::Hill || !on_hill.contains(&p.job.name));
        assert!(p.group == Group::Shore || !on_shore.contains(&p.job.name));
    }
    // The other towns have 150 texts in each cell, so none of them is copied.
    for seed in 11..=20 {
        let seen = examples(&town(seed, 60), 0, TRAINING);
        for (group, label) in [Group::Hill, Group::Shore].into_iter().flat_map(|g| [(g, 0), (g, 1)])
        {
            assert!(seen.iter().filter(|e| (e.group, e.label) == (group, label)).count() >= 150);
        }
    }
    let measured = |bias, remedy| {
        let trained = Trained::new(&SOLUTION, town(SEED, bias), remedy).unwrap();
        (trained.texts, measure(&SOLUTION, &trained).unwrap())
    };
    let (fair, fair_measured) = measured(0, Remedy::None);
    let (_, biased) = measured(60, Remedy::None);
    let (balanced_texts, balanced) = measured(60, BALANCED);
    let (twice, swapped) = measured(60, Remedy::Counterfactual);
    assert_eq!((fair, balanced_texts, twice), (2000, 2000, 4000));
    assert!(fair_measured.names_p > 0.05 && biased.names_p < 1e-4);
    assert!(fair_measured.rates.difference.low < 0.0 && biased.rates.difference.low > 0.5);
    assert!(biased.twins.mean > 0.3 && balanced.twins.mean.abs() < 0.01);
    assert!(balanced.twins.mean_size > 0.03);
    assert!(swapped.twins.mean_size < 1e-9 && swapped.names.effect_size.abs() < 1e-6);
    // Jobs are in no pair.
    assert!(biased.jobs_p < 0.01 && swapped.jobs_p < 0.01 && balanced.jobs_p > 0.05);
    assert_eq!(swapped.names.x_scores.len(), NAMES);
}
