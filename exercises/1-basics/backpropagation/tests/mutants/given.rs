//! Tests of what is given: the tape, the matrices and the expressions.

use backpropagation::expression::{MAX_OPERATIONS, ParseError, Source, parse};
use backpropagation::{Matrix, Op, Tape, TapeError};

fn value(expression: &str, values: &str) -> f64 {
    let read = parse(expression, values).unwrap();
    read.tape.value(read.output).unwrap()
}

fn problem(expression: &str, values: &str) -> ParseError {
    parse(expression, values).unwrap_err()
}

// ANCHOR: tape
/// y = a (a b + c) with a = 2, b = −3, c = 10
fn example() -> Result<Tape, TapeError> {
    let mut tape = Tape::default();
    let a = tape.leaf(2.0);
    let b = tape.leaf(-3.0);
    let v1 = tape.apply(Op::Mul, &[a, b])?; // computes it, returns its place
    let c = tape.leaf(10.0);
    let v2 = tape.apply(Op::Add, &[v1, c])?;
    let v3 = tape.apply(Op::Mul, &[a, v2])?;
    assert_eq!(tape.nodes()[v3].value, 8.0);
    assert_eq!(tape.nodes()[v3].inputs, [a, v2]);
    Ok(tape)
}
// ANCHOR_END: tape

#[test]
fn the_tape_on_the_page_is_that_of_the_demo() {
    let read = parse("a * (a * b + c)", "a = 2, b = -3, c = 10").unwrap();
    assert_eq!(read.names, ["a", "b", "v1", "c", "v2", "v3"]);
    assert_eq!((read.output, read.spelled(2)), (5, "v1 = a × b".into()));
    assert_eq!(read.tape.layers(), [0, 0, 1, 1, 2, 3]);
    assert_eq!(example(), Ok(read.tape));
}

#[test]
fn relu_passes_nan_on() {
    assert!(value("relu(ln(a))", "a = -1").is_nan());
    let of = |x| Op::Relu.forward(&[x]).unwrap();
    assert_eq!(
        [3.0, 0.0, -2.0, f64::INFINITY, f64::NEG_INFINITY].map(of),
        [3.0, 0.0, 0.0, f64::INFINITY, 0.0]
    );
    assert_eq!(of(-0.0).to_bits(), 0.0_f64.to_bits());
}

#[test]
fn a_tape_refuses_what_does_not_fit() {
    let mut tape = Tape::default();
    let a = tape.leaf(1.0);
    let missing = TapeError::NoSuchNode { place: 9, len: 1 };
    assert_eq!(tape.apply(Op::Neg, &[9]), Err(missing));
    let wrong = |op, takes, got| Err(TapeError::WrongInputs { op, takes, got });
    assert_eq!(tape.apply(Op::Add, &[a]), wrong(Op::Add, 2, 1));
    assert_eq!(tape.apply(Op::Leaf, &[]), wrong(Op::Leaf, 0, 0));
    assert!(tape.replay(&[]).is_err() && tape.replay(&[1.0, 2.0]).is_err());
    assert_eq!(tape.nodes().len(), 1);
}

#[test]
fn a_replay_has_other_leaves_and_the_same_operations() {
    let read = parse("a * (a + b)", "a = 2, b = 3").unwrap();
    assert_eq!(read.tape.replay(&[5.0, -1.0]).unwrap().value(read.output), Ok(20.0));
}

#[test]
fn matrices_refuse_what_does_not_fit() {
    assert!(Matrix::new(2, 2, vec![1.0; 3]).is_err());
    assert!(Matrix::new(usize::MAX, 2, vec![]).is_err());
    let a = Matrix::new(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    assert!(a.matmul(&a).is_err());
    assert_eq!(a.matmul(&a.transpose()).unwrap().data(), [14.0, 32.0, 32.0, 77.0]);
}

#[test]
fn expressions_follow_the_rules_of_arithmetic() {
    for (expression, values, want) in [
        ("2 + 3 * 4", "", 14.0),
        ("(2 + 3) * 4 - 1", "", 19.0),
        ("8 / 4 / 2", "", 1.0),
        ("7 - 2 - 1", "", 4.0),
        ("-2^2", "", -4.0),
        ("--3 × 2 − 1 ÷ 2", "", 5.5),
        ("a^3 + relu(-a)", "a = 2; b = 9", 8.0),
        ("\tln ( exp(1.5) )\n", "", 1.5),
        ("tanh(x_1 - x_1)", "x_1 = −4.5", 0.0),
    ] {
        assert_eq!(value(expression, values), want, "{expression}");
    }
}

#[test]
fn a_problem_says_where_it_is() {
    for (expression, place) in [
        ("", "At the end"),
        ("a +", "At the end"),
        ("(a", "At the end"),
        ("a)", "At character 2"),
        ("a b", "At character 3"),
        ("a + * a", "At character 5"),
        ("a ^ a", "At character 5"),
        ("a^12", "At character 4"),
        ("a^2^2", "At character 4"),
        ("sin(a)", "At character 1"),
        ("exp a", "At character 5"),
        ("1.2.3", "At character 1"),
        ("é", "At character 1"),
        ("a + 🙂", "At character 5"),
    ] {
        let problem = problem(expression, "a = 1");
        assert_eq!(problem.source, Source::Expression, "{expression}");
        assert!(problem.message.starts_with(place), "{expression}: {problem}");
    }
    for values in ["a", "a = x", "a = 1, a = 2", "2 = 3", "a = inf", "a = NaN", "b = 1", "=", ""] {
        assert_eq!(problem("a", values).source, Source::Values, "{values}");
    }
}

#[test]
fn endless_input_is_refused() {
    for open in ["(", "tanh("] {
        assert!(problem(&open.repeat(5000), "").message.contains("inside each other"));
    }
    assert_eq!(value(&format!("{}1", "-".repeat(5001)), ""), -1.0);
    let sum = |n: usize| vec!["a"; n].join("+");
    assert!(parse(&sum(MAX_OPERATIONS + 1), "a = 1").is_ok());
    assert!(problem(&sum(MAX_OPERATIONS + 2), "a = 1").message.contains("shorten"));
}
