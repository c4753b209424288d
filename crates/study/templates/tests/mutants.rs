//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    @module@;

    /// Divides like the variance of a sample does.
    divides_by_n_minus_one => mean_of_squares_has_a_closed_form: mean {
        "x.len() as f64" => "(x.len() as f64 - 1.0)"
    }
    /// Takes the number in the middle.
    takes_the_median => mean_of_squares_has_a_closed_form: mean {
        "x.iter().sum::<f64>() / x.len() as f64" => "x[x.len() / 2]"
    }
    /// Loses the last digits.
    sums_in_f32 => mean_matches_python: mean {
        "x.iter().sum::<f64>()" => "f64::from(x.iter().map(|&x| x as f32).sum::<f32>())"
    }
    /// Takes no numbers for zeros.
    nothing_has_mean_zero => mean_of_nothing_is_an_error: mean {
        "return Err(Empty)" => "return Ok(0.0)"
    }
    /// Right for as many numbers as its author tried.
    stops_at_256_numbers => mean_agrees: mean { "x.iter()" => "x.iter().take(256)" }
}
