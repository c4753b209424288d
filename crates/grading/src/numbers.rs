//! Numbers as a page shows them.

/// Without the last digits, in which processors differ.
///
/// ```
/// assert_eq!(grading::numbers::settled(0.1 + 0.2), 0.3);
/// ```
pub fn settled(x: f64) -> f64 {
    (x * 1e5).round() / 1e5
}

/// With at most so many digits after the point, and none that says nothing; the minus is a minus.
///
/// ```
/// assert_eq!(grading::numbers::short(-1.50, 2), "−1.5");
/// assert_eq!(grading::numbers::short(-0.001, 2), "0");
/// ```
pub fn short(x: f64, digits: usize) -> String {
    let text = format!("{x:.digits$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    minus(if text == "-0" { "0" } else { text })
}

/// A number's text with a minus for its hyphen.
///
/// ```
/// assert_eq!(grading::numbers::minus("-3"), "−3");
/// ```
pub fn minus(number: &str) -> String {
    number.replace('-', "−")
}

/// A count with its thousands set apart.
///
/// ```
/// assert_eq!(grading::numbers::count(1_234_567), "1,234,567");
/// ```
pub fn count(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", count(n / 1000), n % 1000) }
}

/// So many of something.
///
/// ```
/// # use grading::numbers::counted;
/// assert_eq!(counted(1, "key"), "1 key");
/// assert_eq!(counted(1200, "query"), "1,200 queries");
/// ```
pub fn counted(n: usize, one: &str) -> String {
    let number = count(n as u64);
    match one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        _ if n == 1 => format!("{number} {one}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {one}s"),
    }
}

/// A share as a percentage with so many digits after the point.
///
/// ```
/// assert_eq!(grading::numbers::percent(0.1234, 1), "12.3%");
/// ```
pub fn percent(share: f64, digits: usize) -> String {
    format!("{:.digits$}%", 100.0 * share)
}

/// A number as so many digits after the point, none of which says nothing, times a power of ten.
///
/// ```
/// use grading::numbers::power;
///
/// assert_eq!(power(-5.94e-9, 1), "−5.9 · 10⁻⁹");
/// assert_eq!(power(1e15, 2), "10¹⁵");
/// ```
pub fn power(x: f64, digits: usize) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = format!("{x:.digits$e}");
    let Some((factor, exponent)) = text.split_once('e') else { return text };
    let raised = |c: char| c.to_digit(10).map_or('⁻', |digit| RAISED[digit as usize]);
    let ten: String = ['1', '0'].into_iter().chain(exponent.chars().map(raised)).collect();
    match factor.parse().map_or_else(|_| factor.to_owned(), |factor| short(factor, digits)) {
        factor if factor == "1" => ten,
        factor => format!("{factor} · {ten}"),
    }
}

/// Shares of a whole: each weight over their sum.
///
/// ```
/// assert_eq!(grading::numbers::shares(&[1.0, 3.0]), [0.25, 0.75]);
/// ```
pub fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}
