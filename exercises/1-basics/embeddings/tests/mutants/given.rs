//! What is given: words, their vocabulary, and the plane of a map.

use embeddings::{Projection, Vocab, parts, subsample, words};
use rand::SeedableRng;
use rand::rngs::StdRng;

#[test]
fn words_are_lower_case_and_sentences_end() {
    let found: Vec<String> = words("“Look!” said Ada. It's 5 o'clock; naïve — isn’t it?").collect();
    let want =
        ["look", ".", "said", "ada", ".", "it's", "5", "o'clock", "naïve", "isn’t", "it", "."];
    assert_eq!(found, want);
    let found: Vec<String> = words("ÉTÉ Straße. ПРИВЕТ, Σοφός!").collect();
    assert_eq!(found, ["été", "straße", ".", "привет", "σοφός", "."]);
}

#[test]
fn parts_cut_no_word() {
    let text = "Ünïcödé wörds änd a_very_long_word_indeed and so on  \n end";
    for bytes in [1, 2, 3, 7, 20, 1000] {
        assert_eq!(parts(text, bytes).collect::<String>(), text);
        assert!(parts(text, bytes).flat_map(words).eq(words(text)), "{bytes}");
    }
    assert_eq!(parts("", 5).count(), 0);
}

#[test]
fn the_vocabulary_is_in_order_of_frequency() {
    let (vocab, tokens) = Vocab::of("b a c b. a b d", 3, 1);
    assert_eq!((vocab.words().join(" "), vocab.counts()), ("b a .".into(), &[3, 2, 1][..]));
    assert_eq!(tokens, [0, 1, 0, 2, 1, 0]);
    assert_eq!((vocab.id("d"), vocab.word(1), vocab.word(9)), (None, "a", ""));
}

#[test]
fn subsampling_thins_out_the_frequent_only() {
    let tokens: Vec<u32> = (0..20_000).map(|i| u32::from(i % 100 == 0)).collect();
    let kept = subsample(&tokens, &[19_800, 200], 0.02, &mut StdRng::seed_from_u64(1));
    let frequent = kept.iter().filter(|&&id| id == 0).count();
    assert_eq!(kept.len() - frequent, 200);
    // √(0.02 / 0.99) = 0.142
    assert!((frequent as f64 / 19_800.0 - 0.142).abs() < 0.01, "{frequent}");
}

#[test]
fn the_first_axis_is_that_of_the_largest_spread() {
    let hidden = [(-3.0, 0.5), (-1.0, -1.0), (0.0, 1.5), (1.0, -1.0), (3.0, 0.0_f32)];
    let rows = hidden.map(|(a, b)| [10.0, 0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, 0.0]);
    let plane = Projection::fit(&rows.each_ref().map(|row| &row[..]), None);
    let places = rows.map(|row| plane.place(&row));
    assert!(places.is_sorted_by(|a, b| a.0 < b.0), "{places:?}");
    assert!(places[2].1 * places[1].1 < -0.005 && places[1].1 * places[3].1 > 0.005, "{places:?}");
    // Scale does not matter, direction does.
    let (x, y) = plane.place(&rows[0].map(|x| 2.0 * x));
    assert!((x - places[0].0).abs() < 1e-6 && (y - places[0].1).abs() < 1e-6);
}

#[test]
fn the_next_map_does_not_flip() {
    // The larger coordinate of the first axis is now the one, now the other.
    let rows = |x: f32, y: f32| [[x, y, 3.0], [0.0, 0.0, 3.0], [-x, -y, 3.0]];
    let fit = |rows: &[[f32; 3]; 3], before| {
        Projection::fit(&rows.each_ref().map(|row| &row[..]), before)
    };
    let (before, after) = (rows(1.0, -1.1), rows(1.1, -1.0));
    let plane = fit(&before, None);
    let x = |plane: &Projection| plane.place(&before[0]).0;
    assert!(x(&plane) * x(&fit(&after, Some(&plane))) > 0.05);
    assert!(x(&plane) * x(&fit(&after, None)) < -0.05);
}

#[test]
fn nothing_and_zeros_have_a_plane() {
    assert_eq!(Projection::fit(&[], None).place(&[]), (0.0, 0.0));
    let zeros = [0.0; 3];
    assert_eq!(Projection::fit(&[&zeros, &zeros], None).place(&zeros), (0.0, 0.0));
}
