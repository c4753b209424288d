//! Expressions as people type and paste them.

use backpropagation::expression::parse;

/// What an expression comes to.
fn value(expression: &str, values: &str) -> f64 {
    let read = parse(expression, values).unwrap_or_else(|error| panic!("{expression:?}: {error}"));
    read.tape.value(read.output).unwrap_or(f64::NAN)
}

#[test]
fn spaces_and_signs_of_every_kind_are_read() {
    // A space, a tab, and what browsers, word processors and keyboards make.
    for space in [" ", "\t", "\u{a0}", "\u{2009}", "\u{202f}", "\u{3000}"] {
        let expression = ["", "(", "a", "−", "b", ")", "×", "2", ""].join(space);
        let values = ["", "a", "=", "5,", "b", "=", "−3", ""].join(space);
        assert_eq!(value(&expression, &values), 16.0, "with {space:?}");
    }
}

#[test]
fn what_is_not_known_is_told_at_its_place() {
    let error = parse("a + ０", "a = 1").err().map(|error| error.message).unwrap_or_default();
    assert!(error.starts_with("At character 5: this sign is not known"), "{error}");
}
