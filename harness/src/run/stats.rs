//! Medians, and how sure they are.

use crate::report::Figure;

/// The median of samples and the interval that holds the true one with 95 %
/// confidence, whatever the distribution: between two of the samples, whose ranks
/// follow from the binomial distribution. Of fewer than six samples no such ranks exist,
/// and the interval is from the least to the greatest.
///
/// `None` if there are no samples.
///
/// ```
/// use luago_harness::run::stats::figure;
///
/// let figure = figure(&[5.0, 1.0, 2.0, 4.0, 3.0, 6.0, 7.0]).unwrap();
/// assert_eq!((figure.low, figure.median, figure.high), (1.0, 4.0, 7.0));
/// ```
pub fn figure(samples: &[f64]) -> Option<Figure> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    let (first, last) = (*sorted.first()?, *sorted.last()?);
    let median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0;
    Some(match rank(count) {
        None => Figure { median, low: first, high: last },
        Some(rank) => Figure { median, low: sorted[rank], high: sorted[count - 1 - rank] },
    })
}

/// The greatest rank, from 0, that the true median is below with a chance of at most 2.5 %.
fn rank(count: usize) -> Option<usize> {
    // Beyond this the normal distribution is as good, and the powers below are too small.
    if count > 500 {
        let count = count as f64;
        return Some(((count - 1.96 * count.sqrt()) / 2.0) as usize - 1);
    }
    // The chance that so many of `count` fair coins show heads.
    let mut chance = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let mut total = 0.0;
    let mut rank = None;
    for heads in 0..count / 2 {
        total += chance;
        if total > 0.025 {
            break;
        }
        rank = Some(heads);
        chance *= (count - heads) as f64 / (heads + 1) as f64;
    }
    rank
}

/// The geometric mean; `None` of nothing.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for value in values {
        sum += value.ln();
        count += 1;
    }
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

/// The samples at 0, 1, 2, … 100 percent; empty of nothing.
pub fn percentiles(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    (0..=100).map(|percent| sorted[(last * percent).div_ceil(100)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranks_are_those_of_the_tables_for_the_sign_test() {
        assert_eq!(rank(5), None);
        assert_eq!(rank(6), Some(0));
        assert_eq!(rank(10), Some(1));
        assert_eq!(rank(20), Some(5));
        assert_eq!(rank(100), Some(39));
        assert_eq!(rank(500), Some(227));
        assert_eq!(rank(501), Some(227));
    }

    proptest! {
        #[test]
        fn the_median_lies_in_its_interval(samples in proptest::collection::vec(0.0..1e6_f64, 1..200)) {
            let figure = figure(&samples).unwrap();
            prop_assert!(figure.low <= figure.median && figure.median <= figure.high);
            let percentiles = percentiles(&samples);
            prop_assert!(percentiles.is_sorted() && percentiles.len() == 101);
        }
    }
}
