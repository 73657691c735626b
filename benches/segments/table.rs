//! The ratios and their bounds.

#[derive(Default)]
pub struct Table(Vec<Row>);

struct Row {
    name: String,
    ratio: f64,
    bound: Bound,
    what: String,
}

enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Table {
    /// A ratio that is meant to stay below a bound, and what it is of.
    pub fn below(&mut self, name: &str, ratio: f64, bound: f64, what: String) {
        self.0.push(Row { name: name.to_string(), ratio, bound: Bound::AtMost(bound), what });
    }

    /// A ratio that is meant to stay above a bound, and what it is of.
    pub fn above(&mut self, name: &str, ratio: f64, bound: f64, what: String) {
        self.0.push(Row { name: name.to_string(), ratio, bound: Bound::AtLeast(bound), what });
    }

    pub fn print(&self) {
        println!("\n{:44} {:>9}  {:>17}", "", "ratio", "bound");
        for Row { name, ratio, bound, what } in &self.0 {
            let (words, limit, is_kept) = match bound {
                Bound::AtMost(limit) => ("at most", limit, ratio <= limit),
                Bound::AtLeast(limit) => ("at least", limit, ratio >= limit),
            };
            let verdict = if is_kept { "" } else { "  MISSED" };
            println!("{name:44} {ratio:>9.5}  {words:>8} {limit:<8}{verdict}   {what}");
        }
    }
}
