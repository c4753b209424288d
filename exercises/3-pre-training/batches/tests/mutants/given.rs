//! What is given does what its docs say.

use batches::town::{costs, lengths};
use batches::{BatchError, padded_positions, padding_share};

#[test]
fn padding_is_counted() {
    assert_eq!(padding_share(6, 2, 4), 0.25);
    assert_eq!(padding_share(8, 2, 4), 0.0);
    assert_eq!(padding_share(0, 0, 4), 0.0);
    // Batches of 2: 2 × 5, 2 × 9, and one alone.
    assert_eq!(padded_positions(&[5, 1, 2, 9, 4], 2), 10 + 18 + 4);
    assert_eq!(padded_positions(&[], 2), 0);
}

#[test]
fn errors_say_what_to_do() {
    let short = BatchError::TooShort { tokens: 1, context: 1 }.to_string();
    assert!(short.starts_with("data of 1 token for a context of 1: give"), "{short}");
    let rank = BatchError::Rank { rank: 2, ranks: 2 }.to_string();
    assert!(rank.starts_with("rank 2 of 2 ranks: ranks are counted from 0"), "{rank}");
}

#[test]
fn ways_to_make_rows_are_compared() {
    // Six tokens in each of two stories: cut by rows of 8, but not by rows of 6.
    let names = |context| -> Vec<[usize; 2]> {
        costs(&[6, 6, 2], 2, context).unwrap().map(|cost| [cost.positions, cost.cut]).into()
    };
    let [padded, sorted, packed, fitted] = names(8)[..] else { panic!("four ways") };
    assert!(padded[0] == 14 || padded[0] == 18, "{padded:?}");
    assert_eq!([sorted, packed, fitted], [[18, 0], [16, 1], [16, 0]]);
    assert_eq!(names(6)[2..], [[18, 0], [18, 0]]);
    assert_eq!(names(5)[2..], [[15, 2], [15, 2]]);
    assert!(lengths(50).iter().all(|length| *length > 20));
}
