//! How numbers are written: few enough digits that CPU, WebAssembly and WebGPU agree.

/// Four significant digits, plain between 0.001 and 100,000, scientific beyond.
///
/// ```
/// use demo::format::number;
///
/// assert_eq!(number(2.0 / 3.0), "0.6667");
/// assert_eq!(number(-12.50), "−12.5");
/// assert_eq!(number(0.00002), "2e−5");
/// ```
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "NaN".into()
        } else {
            format!("{}∞", if x < 0.0 { "−" } else { "" })
        };
    }
    let magnitude = x.abs();
    let text = if magnitude == 0.0 {
        "0".into()
    } else if (1e-3..1e5).contains(&magnitude) {
        let digits = (3 - magnitude.log10().floor() as i32).max(0) as usize;
        trim(format!("{x:.digits$}"))
    } else {
        let text = format!("{x:.2e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}e{exponent}", trim(mantissa.to_owned()))
    };
    text.replace('-', "−")
}

fn trim(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A share of one as a percentage with one decimal, e.g. `12.5%`.
///
/// ```
/// assert_eq!(demo::format::percent(0.125), "12.5%");
/// ```
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A size, e.g. `1.5 MB`.
///
/// ```
/// assert_eq!(demo::format::bytes(1), "1\u{202f}byte");
/// assert_eq!(demo::format::bytes(1_500_000), "1.5\u{202f}MB");
/// ```
pub fn bytes(n: usize) -> String {
    match n {
        1 => "1\u{202f}byte".into(),
        0..1000 => format!("{n}\u{202f}bytes"),
        1000..1_000_000 => format!("{}\u{202f}KB", trim(format!("{:.1}", n as f64 / 1e3))),
        _ => format!("{}\u{202f}MB", trim(format!("{:.1}", n as f64 / 1e6))),
    }
}

/// A count with its thousands set apart, e.g. `12,345`.
///
/// ```
/// assert_eq!(demo::format::count(12_345), "12,345");
/// ```
pub fn count(n: usize) -> String {
    grading::numbers::count(n as u64)
}

/// So many of something, e.g. `1 token` and `1,200 tokens`.
///
/// ```
/// assert_eq!(demo::format::counted(1, "token"), "1 token");
/// assert_eq!(demo::format::counted(1200, "token"), "1,200 tokens");
/// ```
pub fn counted(n: usize, one: &str) -> String {
    grading::numbers::counted(n, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(0.123456), "0.1235");
        assert_eq!(number(-12.5), "−12.5");
        assert_eq!(number(99999.4), "99999");
        assert_eq!(number(1.5e-7), "1.5e−7");
        assert_eq!(number(f64::NEG_INFINITY), "−∞");
        assert_eq!(percent(0.2105), "21.1%");
    }
}
