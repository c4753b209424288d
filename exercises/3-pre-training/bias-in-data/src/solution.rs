//! The reference: bias measured in counts, in vectors and in a model, and two remedies.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;

use bias_in_data::{
    BiasError, Counts, Group, Interval, MOST_SCORE, MOST_SPLIT, RateGap, Splits, TwinGap, Vectors,
    Weat,
};

// The types are in parts.rs and error.rs, beside this file.

/// The rates of a label in two groups, and their difference, each with an interval of `z` standard
/// errors; a `z` of 1.96 makes intervals of 95%.
///
/// With `p = hits / of` and `n = of`, the interval of a rate is Wilson's:
///
/// ```text
/// (p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// The difference is `d = p_x − p_y`, and with `l` and `u` for the ends of the intervals above it
/// reaches
///
/// ```text
/// from  d − √((p_x − l_x)² + (u_y − p_y)²)    to  d + √((u_x − p_x)² + (p_y − l_y)²)
/// ```
///
/// # Errors
/// [`BiasError::Counts`] of the first group, x before y, in which `of` is 0 or less than `hits`; then
/// [`BiasError::Width`] unless `z` is from 0 to 100.
///
/// Sources: Wilson, 1927; Newcombe, 1998, *Interval estimation for the difference between independent
/// proportions*, method 10.
pub fn rate_gap(x: Counts, y: Counts, z: f64) -> Result<RateGap, BiasError> {
    // BEGIN ANSWER
    for Counts { hits, of } in [x, y] {
        if of == 0 || hits > of {
            return Err(BiasError::Counts { hits, of });
        }
    }
    if !(0.0..=100.0).contains(&z) {
        return Err(BiasError::Width { z });
    }
    let wilson = |Counts { hits, of }| {
        let n = of as f64;
        let p = hits as f64 / n;
        let middle = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        Interval { value: p, low: (middle - half) / whole, high: (middle + half) / whole }
    };
    let (x, y) = (wilson(x), wilson(y));
    let value = x.value - y.value;
    let difference = Interval {
        value,
        low: value - (x.value - x.low).hypot(y.high - y.value),
        high: value + (x.high - x.value).hypot(y.value - y.low),
    };
    Ok(RateGap { x, y, difference })
    // END ANSWER
}

/// How much nearer a word is to the words of `a` than to those of `b`: the mean of its cosines with
/// `a`, less the mean of its cosines with `b`.
///
/// A word that stands in a list twice counts twice, and one that stands in both counts in both.
///
/// # Errors
/// [`BiasError::NoWords`] if a list is empty; then [`BiasError::UnknownWord`] with the first word
/// without a vector: `word`, then those of `a`, then those of `b`.
///
/// Source: Caliskan and others, 2017, `s(w, A, B)`.
pub fn association(
    vectors: &Vectors,
    word: &str,
    a: &[&str],
    b: &[&str],
) -> Result<f64, BiasError> {
    // BEGIN ANSWER
    if a.is_empty() || b.is_empty() {
        return Err(BiasError::NoWords);
    }
    let w = vectors.unit(word)?;
    let mean_cosine = |list: &[&str]| -> Result<f64, BiasError> {
        let mut sum = 0.0;
        for word in list {
            // Of vectors with the length 1 the dot product is the cosine.
            sum += w.iter().zip(vectors.unit(word)?).map(|(x, y)| x * y).sum::<f64>();
        }
        Ok(sum / list.len() as f64)
    };
    Ok(mean_cosine(a)? - mean_cosine(b)?)
    // END ANSWER
}

/// The word embedding association test: are the words of `x` nearer to `a`, and those of `y` nearer
/// to `b`?
///
/// With `s` for the [`association`] of a word, and `m` for the mean of all scores of `x` and `y`:
///
/// ```text
/// statistic   = Σ_x s − Σ_y s
/// effect_size = (mean of s over x − mean of s over y) / √(mean of (s − m)² over x and y)
/// ```
///
/// The root is a standard deviation that divides by the number of words, not by one less. If all
/// scores lie within 1e-12, they differ by rounding only, and the effect size is 0.
///
/// # Errors
/// [`BiasError::NoWords`] if one of the four lists is empty; then [`BiasError::Sizes`] if `x` and `y`
/// are not equally long; then the errors of [`association`], for each word of `x`, then of `y`.
///
/// Source: Caliskan and others, 2017, section on methods.
pub fn weat(
    vectors: &Vectors,
    x: &[&str],
    y: &[&str],
    a: &[&str],
    b: &[&str],
) -> Result<Weat, BiasError> {
    // BEGIN ANSWER
    if [x, y, a, b].iter().any(|list| list.is_empty()) {
        return Err(BiasError::NoWords);
    }
    if x.len() != y.len() {
        return Err(BiasError::Sizes { x: x.len(), y: y.len() });
    }
    let scores = |words: &[&str]| -> Result<Vec<f64>, BiasError> {
        words.iter().map(|word| association(vectors, word, a, b)).collect()
    };
    let (x_scores, y_scores) = (scores(x)?, scores(y)?);
    let all = [x_scores.as_slice(), &y_scores].concat();
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let middle = mean(&all);
    let squares: Vec<f64> = all.iter().map(|s| (s - middle).powi(2)).collect();
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let effect_size = match most - least <= 1e-12 {
        true => 0.0,
        false => (mean(&x_scores) - mean(&y_scores)) / mean(&squares).sqrt(),
    };
    let statistic = x_scores.iter().sum::<f64>() - y_scores.iter().sum::<f64>();
    Ok(Weat { x_scores, y_scores, statistic, effect_size })
    // END ANSWER
}

/// How often chance alone makes the first group as large as it is: a one-sided p-value.
///
/// Each score is rounded to a whole number of 2⁻⁴⁰, `(score * 2f64.powi(40)).round() as i64`, so that
/// sums are exact whatever their order. All scores are pooled, and the pool is split into two halves,
/// places and not values being told apart. A split is a *hit* if its first half sums to at least as
/// much as `x_scores` does.
///
/// - [`Splits::All`]: each way to choose the first half is tried once, the one observed among them,
///   and `p = hits / splits`.
/// - [`Splits::Drawn`]: `n` splits are drawn with `rng`, each by itself and all ways equally likely,
///   and `p = (hits + 1) / (n + 1)`, the observed one being counted as well.
///
/// # Errors
/// [`BiasError::Sizes`] if there are no scores or not equally many of both; then [`BiasError::Score`]
/// with the first that is not from −[`MOST_SCORE`] to [`MOST_SCORE`], those of y counted on from those
/// of x; then, for all splits, [`BiasError::TooMany`] if there are more than [`MOST_SPLIT`] a group.
///
/// Sources: Caliskan and others, 2017; Phipson and Smyth, 2010, for the 1 that is added.
pub fn permutation_p(
    x_scores: &[f64],
    y_scores: &[f64],
    splits: Splits<'_>,
) -> Result<f64, BiasError> {
    // BEGIN ANSWER
    let half = x_scores.len();
    if half == 0 || half != y_scores.len() {
        return Err(BiasError::Sizes { x: half, y: y_scores.len() });
    }
    let mut pool = Vec::with_capacity(2 * half);
    for (at, &score) in x_scores.iter().chain(y_scores).enumerate() {
        if score.is_nan() || score.abs() > MOST_SCORE {
            return Err(BiasError::Score { at, score });
        }
        pool.push((score * 2_f64.powi(40)).round() as i64);
    }
    let sum = |scores: &[i64]| scores.iter().map(|&s| i128::from(s)).sum::<i128>();
    let observed = sum(&pool[..half]);

    /// Hits and splits, if so many of the pool are still to be chosen and to sum to so much.
    fn count(pool: &[i64], choose: usize, at_least: i128) -> (u64, u64) {
        let Some((&first, rest)) = pool.split_first().filter(|_| choose > 0) else {
            return if choose == 0 { (u64::from(at_least <= 0), 1) } else { (0, 0) };
        };
        let with = count(rest, choose - 1, at_least - i128::from(first));
        let without = count(rest, choose, at_least);
        (with.0 + without.0, with.1 + without.1)
    }
    match splits {
        Splits::All if half > MOST_SPLIT => {
            Err(BiasError::TooMany { scores: half, most: MOST_SPLIT })
        }
        Splits::All => {
            let (hits, splits) = count(&pool, half, observed);
            Ok(hits as f64 / splits as f64)
        }
        Splits::Drawn { n, rng } => {
            let mut hits = 0;
            for _ in 0..n {
                pool.shuffle(rng);
                hits += usize::from(sum(&pool[..half]) >= observed);
            }
            Ok((hits as f64 + 1.0) / (n as f64 + 1.0))
        }
    }
    // END ANSWER
}

/// The twin of a text: each phrase of a pair is replaced by the other of its pair, all at once.
///
/// The text is read from left to right. Where phrases of the list stand, the longest is replaced, and
/// reading goes on behind it. A phrase stands where its characters do, exactly, if neither the
/// character before nor the one behind is a letter or a digit (`char::is_alphanumeric`); so *Rose*
/// stands in *Rose's*, but not in *Rosetta*. Everything else stays as it is.
///
/// A pair also swaps with a capital at the front of both phrases, if that changes both: with
/// `("he", "she")`, *He* becomes *She*. The capital of a letter is its `char::to_uppercase`.
///
/// # Errors
/// [`BiasError::Phrase`] with the first phrase of the list that does not begin and end with a letter
/// or a digit; then [`BiasError::Ambiguous`] with the first phrase that stands in the list already, if
/// it is written as both phrases of each pair followed, where there are any, by both with capitals.
pub fn counterfactual(text: &str, pairs: &[(&str, &str)]) -> Result<String, BiasError> {
    // BEGIN ANSWER
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let ends_well = |phrase: &str| is_word(phrase.chars().next()) && is_word(phrase.chars().last());
    if let Some(phrase) = pairs.iter().flat_map(|&(p, q)| [p, q]).find(|phrase| !ends_well(phrase))
    {
        return Err(BiasError::Phrase { phrase: phrase.into() });
    }
    let capital = |phrase: &str| -> String {
        let mut chars = phrase.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
    };
    let mut partners: BTreeMap<String, String> = BTreeMap::new();
    for &(p, q) in pairs {
        let mut both = vec![(p.to_string(), q.to_string())];
        let capitals = (capital(p), capital(q));
        if capitals.0 != p && capitals.1 != q {
            both.push(capitals);
        }
        for (p, q) in both {
            for (phrase, partner) in [(&p, &q), (&q, &p)] {
                if partners.insert(phrase.clone(), partner.clone()).is_some() {
                    return Err(BiasError::Ambiguous { phrase: phrase.clone() });
                }
            }
        }
    }
    let (mut twin, mut rest) = (String::new(), text);
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let stands = |phrase: &str| {
            let behind = rest.strip_prefix(phrase);
            behind.is_some_and(|behind| !is_word(behind.chars().next()))
        };
        let begins = !is_word(before);
        let found = partners.iter().filter(|(phrase, _)| begins && stands(phrase));
        let longest = found.max_by_key(|(phrase, _)| phrase.len());
        let taken = longest.map_or(c.len_utf8(), |(phrase, _)| phrase.len());
        let (read, behind) = rest.split_at(taken);
        twin += longest.map_or(read, |(_, partner)| partner);
        (before, rest) = (read.chars().last(), behind);
    }
    Ok(twin)
    // END ANSWER
}

/// What a model makes of the group alone: its scores of texts beside those of their twins.
///
/// In each pair the first phrase belongs to the hill and the second to the shore. The twin of a text
/// is its [`counterfactual`]. A text that is its own twin is left out. For each other one, in order,
/// the gap is the score of the version for the hill less that of the version for the shore: the text
/// less its twin if the group that comes with it is the hill, else the twin less the text.
///
/// # Errors
/// Those of [`counterfactual`]; then [`BiasError::Score`] with the first text, counted among all,
/// whose score, or that of its twin, is not from −[`MOST_SCORE`] to [`MOST_SCORE`], and that score, the
/// text's own first; then [`BiasError::NoTwins`] if no text is left.
///
/// Source: Kusner and others, 2017, *Counterfactual Fairness*, has the idea.
pub fn twin_gap(
    score: &dyn Fn(&str) -> f64,
    texts: &[(&str, Group)],
    pairs: &[(&str, &str)],
) -> Result<TwinGap, BiasError> {
    // BEGIN ANSWER
    // The errors of the pairs, also where there are no texts.
    counterfactual("", pairs)?;
    let mut gaps = Vec::new();
    for (at, &(text, group)) in texts.iter().enumerate() {
        let twin = counterfactual(text, pairs)?;
        if twin == text {
            continue;
        }
        let scores = [score(text), score(&twin)];
        if let Some(&score) = scores.iter().find(|s| s.is_nan() || s.abs() > MOST_SCORE) {
            return Err(BiasError::Score { at, score });
        }
        gaps.push(match group {
            Group::Hill => scores[0] - scores[1],
            Group::Shore => scores[1] - scores[0],
        });
    }
    if gaps.is_empty() {
        return Err(BiasError::NoTwins);
    }
    let n = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / n;
    let mean_size = gaps.iter().map(|gap| gap.abs()).sum::<f64>() / n;
    Ok(TwinGap { gaps, mean, mean_size })
    // END ANSWER
}

/// How many copies of each example to train on, so that each label is equally frequent in each group.
///
/// An example is its group and its label. Those with the same group and the same label are a cell. Of a
/// cell with `c` examples each gets `per_cell / c` copies, rounded down, and the first `per_cell % c` of
/// them, by their places in the list, get one more. So every cell has `per_cell` in the end: small cells
/// are copied, and large ones lose some. No examples have no copies.
///
/// # Errors
/// [`BiasError::EmptyCell`] if a group that occurs has no example with a label that occurs: the lowest
/// such group, and its lowest such label.
pub fn balance(examples: &[(usize, usize)], per_cell: usize) -> Result<Vec<usize>, BiasError> {
    // BEGIN ANSWER
    let mut cells: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, &cell) in examples.iter().enumerate() {
        cells.entry(cell).or_default().push(at);
    }
    let labels: BTreeSet<usize> = examples.iter().map(|&(_, label)| label).collect();
    for &(group, _) in cells.keys() {
        if let Some(&label) = labels.iter().find(|&&label| !cells.contains_key(&(group, label))) {
            return Err(BiasError::EmptyCell { group, label });
        }
    }
    let mut copies = vec![0; examples.len()];
    for places in cells.values() {
        let (each, more) = (per_cell / places.len(), per_cell % places.len());
        for (nth, &at) in places.iter().enumerate() {
            copies[at] = each + usize::from(nth < more);
        }
    }
    Ok(copies)
    // END ANSWER
}
