//! What is given: the fast version passes the checks.

mod fast_version {
    use softmax_sampling::{Answers, LESSON, SOLUTION, fast};

    const FAST: Answers = Answers { softmax: fast::softmax, ..SOLUTION };
    softmax_sampling::as_tests!(LESSON, FAST);
}
