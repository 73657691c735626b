//! Numbers as people read them.

use crate::report::Figure;

/// A number with three digits that count.
pub fn decimal(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_string();
    }
    let places = match value.abs() {
        0.0 => 0,
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        v if v >= 0.1 => 3,
        v => (2.0 - v.log10().floor()).min(9.0) as usize,
    };
    format!("{value:.places$}")
}

/// A number as short as it can be, for marks on an axis and shares.
pub fn short(value: f64) -> String {
    let text = decimal(value);
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    text
}

/// A ratio and its interval.
pub fn interval(figure: Figure) -> String {
    let Figure { median, low, high } = figure;
    format!("{} [{}, {}]", decimal(median), decimal(low), decimal(high))
}

/// A size of memory.
pub fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} B"),
        1024..0x10_0000 => format!("{} KiB", decimal(count as f64 / 1024.0)),
        _ => format!("{} MiB", decimal(count as f64 / 1048576.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let shown: Vec<String> =
            [0.0, 0.01234, 0.5, 1.0, 1.234, 56.78, 1234.5, f64::NAN].map(decimal).to_vec();
        assert_eq!(shown, ["0", "0.0123", "0.500", "1.00", "1.23", "56.8", "1234", "–"]);
        assert_eq!([0.5, 1.0, 100.0].map(short), ["0.5", "1", "100"]);
    }
}
