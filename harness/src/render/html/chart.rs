//! Charts as inline SVG. Each is drawn twice, for wide screens and for phones, as text that is
//! scaled down with its picture cannot be read.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::escape::escape;
use crate::render::figures::{decimal, short};
use crate::render::text::printable;
use crate::report::{Figure, Perf, PerfSubject, Shadow};

/// One chart in both sizes.
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The SVG for wide screens.
    pub wide: String,
    /// The SVG for phones.
    pub narrow: String,
    /// The names of its lines, in the order of their colours; empty if there is but one.
    pub lines: Vec<String>,
}

/// How many colours there are for lines; after that they begin again.
pub const COLOURS: usize = 8;

const WIDE: u32 = 560;
const NARROW: u32 = 320;
/// The height of text in pixels.
const TEXT: i32 = 12;
/// The width of a character of a wide font; there is none here that could be measured.
const CHARACTER: f64 = 7.8;

// These colours stand for those of the page, which depend on its theme.
const INK: RGBColor = RGBColor(1, 0, 0);
const MUTED: RGBColor = RGBColor(1, 0, 1);
const GRID: RGBColor = RGBColor(1, 0, 2);
const POINT: RGBColor = RGBColor(1, 0, 3);
const WORSE: RGBColor = RGBColor(1, 0, 4);

fn line_colour(index: usize) -> RGBColor {
    RGBColor(2, 0, (index % COLOURS) as u8)
}

/// Puts the page's colours in the place of those that were drawn with. Only whole attributes
/// are looked for: text has its quotes escaped, so no text can be changed.
fn themed(svg: &str) -> String {
    let fixed = ["currentColor", "var(--muted)", "var(--line)", "var(--accent)", "var(--bad)"];
    let mut svg = svg.to_string();
    for (index, shown) in fixed.iter().enumerate() {
        svg = svg.replace(&format!("\"#01000{index}\""), &format!("\"{shown}\""));
    }
    for index in 0..COLOURS {
        svg = svg.replace(&format!("\"#02000{index}\""), &format!("\"var(--series-{index})\""));
    }
    svg.replace("stroke-width=\"1\"", "stroke-width=\"1\" shape-rendering=\"crispEdges\"")
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws a picture of one size; `class` says which.
fn picture(
    class: &str,
    title: &str,
    size: (u32, u32),
    draw: &dyn Fn(&Area) -> Result<()>,
) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&area)?;
        area.present().map_err(|error| anyhow!("cannot finish a chart: {error}"))?;
    }
    let label = escape(title);
    let opening = format!("<svg class=\"{class}\" role=\"img\" aria-label=\"{label}\" ");
    Ok(themed(&svg).replacen("<svg ", &opening, 1))
}

fn both(
    title: String,
    lines: Vec<String>,
    height: u32,
    draw: &dyn Fn(&Area) -> Result<()>,
) -> Result<Chart> {
    let wide = picture("wide", &title, (WIDE, height), draw)?;
    let narrow = picture("narrow", &title, (NARROW, height), draw)?;
    Ok(Chart { title, wide, narrow, lines })
}

/// An axis for positive values.
struct Scale {
    low: f64,
    high: f64,
    /// Are equal ratios equally far apart?
    logarithmic: bool,
}

impl Scale {
    /// The axis that holds all values. It is logarithmic if they are too far apart to be told
    /// from each other otherwise.
    fn holding(values: impl Iterator<Item = f64>) -> Option<Scale> {
        let shown = values.filter(|value| is_shown(*value));
        let (low, high) =
            shown.fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        if high == 0.0 {
            return None;
        }
        if high / low > 20.0 {
            return Some(Scale { low: low / 1.1, high: high * 1.1, logarithmic: true });
        }
        let margin = ((high - low) * 0.08).max(high * 0.02);
        let low = if low < high * 0.4 { 0.0 } else { low - margin };
        Some(Scale { low, high: high + margin, logarithmic: false })
    }

    fn at(&self, value: f64) -> f64 {
        if self.logarithmic { value.max(self.low).ln() } else { value }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.at(self.low)..self.at(self.high)
    }

    /// Round values to write at the axis, at most about `count` of them.
    fn ticks(&self, count: usize) -> Vec<f64> {
        let count = count.max(2) as f64;
        let step = round_up((self.high - self.low) / count);
        let even = (1..)
            .map(|n| ((self.low / step).floor() + f64::from(n) - 1.0) * step)
            .skip_while(|value| *value < self.low)
            .take_while(|value| *value <= self.high)
            .take(100);
        if !self.logarithmic || self.high / self.low < 4.0 {
            return even.collect();
        }
        let powers = (-9..=15).map(|power| 10_f64.powi(power));
        let inside = |value: &f64| *value >= self.low && *value <= self.high;
        let fine: Vec<f64> =
            powers.clone().flat_map(|p| [p, 2.0 * p, 5.0 * p]).filter(inside).collect();
        if fine.len() as f64 <= count * 1.5 { fine } else { powers.filter(inside).collect() }
    }
}

/// The next of 1, 2, 5, 10, 20, … and their fractions.
fn round_up(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let found = [1.0, 2.0, 5.0, 10.0].into_iter().find(|n| n * power >= step * 0.999);
    found.unwrap_or(10.0) * power
}

fn is_shown(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

fn failed<E: std::fmt::Display>(error: E) -> anyhow::Error {
    anyhow!("cannot draw a chart: {error}")
}

fn write(area: &Area, text: &str, at: (i32, i32), side: HPos, colour: RGBColor) -> Result<()> {
    // The backend divides by 1.24 what it is given.
    let size = f64::from(TEXT) * 1.24;
    let style = TextStyle::from((FontFamily::Name("inherit"), size).into_font())
        .color(&colour)
        .pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_string(), at, style)).map_err(failed)
}

fn stroke(area: &Area, points: [(i32, i32); 2], colour: RGBColor, width: u32) -> Result<()> {
    let style = colour.stroke_width(width);
    area.draw(&PathElement::new(points.to_vec(), style)).map_err(failed)
}

/// The width of a text in pixels, or rather more.
fn width_of(text: &str) -> i32 {
    (text.chars().count() as f64 * CHARACTER).ceil() as i32
}

/// As much of a text as there is room for.
fn fitted(text: &str, pixels: i32) -> String {
    let text = printable(text).replace('\n', " ");
    let room = (f64::from(pixels) / CHARACTER).max(2.0) as usize;
    if text.chars().count() <= room {
        return text;
    }
    text.chars().take(room - 1).chain(['…']).collect()
}

fn plot<'a>(area: &Area<'a>, x: &Scale, y: &Scale, room: (i32, i32, i32, i32)) -> Plot<'a> {
    let (left, right, top, bottom) = room;
    // Vertical pixels count downwards.
    area.apply_coord_spec(Cartesian2d::new(x.range(), y.range(), (left..right, bottom..top)))
}

/// A program and what was measured of it, as one row of a chart of ratios.
type Row<'a> = (&'a str, &'a PerfSubject);

/// For each pair a chart with the ratio of every program and its interval.
pub fn ratios(perf: &Perf) -> Result<Vec<Chart>> {
    let mut pairs: Vec<((&str, &str), Vec<Row>)> = Vec::new();
    for row in &perf.rows {
        for subject in &row.subjects {
            let pair = (row.reference.as_str(), subject.target.as_str());
            let shown = (row.program.as_str(), subject);
            match pairs.iter_mut().find(|(known, _)| *known == pair) {
                Some((_, rows)) => rows.push(shown),
                None => pairs.push((pair, vec![shown])),
            }
        }
    }
    // All charts have the same axis, so that they can be compared at a glance.
    let (low, high) = pairs
        .iter()
        .flat_map(|(_, rows)| rows.iter())
        .flat_map(|(_, row)| [row.ratio.low, row.ratio.high, row.ratio.median])
        .filter(|value| is_shown(*value))
        .fold((1.0_f64, 1.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let scale = Scale { low: low / 1.1, high: high * 1.1, logarithmic: true };
    let chart = |((reference, target), rows): &((&str, &str), Vec<Row>)| {
        let title = format!("{} compared with {}", printable(target), printable(reference));
        let height = (rows.len() as i32 * 22 + 34) as u32;
        both(title, Vec::new(), height, &|area| draw_ratios(area, rows, &scale))
    };
    pairs.iter().map(chart).collect()
}

fn draw_ratios(area: &Area, rows: &[Row], scale: &Scale) -> Result<()> {
    let (width, height) = area.dim_in_pixel();
    let (width, height) = (width as i32, height as i32);
    let longest = rows.iter().map(|(program, _)| width_of(program)).max().unwrap_or(0);
    let left = (longest + 10).min(width * 2 / 5);
    let right = width - width_of("12.3× ▲") - 8;
    let bottom = height - 28;
    let count = rows.len() as f64;
    let lines = Scale { low: count, high: 0.0, logarithmic: false };
    let plot = plot(area, scale, &lines, (left, right, 4, bottom));
    let at = |value: f64, row: f64| plot.map_coordinate(&(scale.at(value), row));
    let one = at(1.0, 0.0).0;
    for tick in scale.ticks(((right - left) / 60) as usize) {
        let x = at(tick, 0.0).0;
        stroke(area, [(x, 4), (x, bottom)], GRID, 1)?;
        if (x - one).abs() > 34 {
            write(area, &format!("{}×", short(tick)), (x, bottom + 14), HPos::Center, MUTED)?;
        }
    }
    stroke(area, [(one, 4), (one, bottom + 3)], INK, 2)?;
    write(area, "1×", (one, bottom + 14), HPos::Center, INK)?;
    for (index, (program, row)) in rows.iter().enumerate() {
        let place = index as f64 + 0.5;
        let y = at(1.0, place).1;
        write(area, &fitted(program, left - 8), (left - 8, y), HPos::Right, INK)?;
        let Figure { median, low, high } = row.ratio;
        if !is_shown(median) {
            continue;
        }
        if let Some(baseline) = row.baseline.filter(|value| is_shown(*value)) {
            let x = at(baseline.clamp(scale.low, scale.high), place).0;
            stroke(area, [(x, y - 8), (x, y + 8)], line_colour(1), 3)?;
        }
        let colour = if row.regressed { WORSE } else { POINT };
        let at = |value: f64| scale.at(if is_shown(value) { value } else { median });
        let (low, middle, high) = (at(low), at(median), at(high));
        let style = colour.filled().stroke_width(2);
        let bar = ErrorBar::new_horizontal(place, low, middle, high, style, 7);
        plot.draw(&bar).map_err(failed)?;
        // A shape of its own, as colour alone does not tell everybody.
        let (sign, ink) = if row.regressed { (" ▲", WORSE) } else { ("", INK) };
        let value = format!("{}×{sign}", decimal(median));
        write(area, &value, (right + 4, y), HPos::Left, ink)?;
    }
    Ok(())
}

/// A line in a chart of times.
struct Line {
    name: String,
    times: Vec<f64>,
}

/// For each program the measured times of all rounds, ordered.
pub fn samples(perf: &Perf) -> Result<Vec<Chart>> {
    let mut programs: Vec<(&str, Vec<Line>)> = Vec::new();
    for row in &perf.rows {
        for subject in &row.subjects {
            let mut times = subject.samples.clone();
            times.retain(|time| is_shown(*time));
            times.sort_by(f64::total_cmp);
            let line = Line { name: printable(&subject.target), times };
            match programs.iter_mut().find(|(program, _)| *program == row.program) {
                // The same target may be compared with several references.
                Some((_, lines)) if lines.iter().any(|known| known.name == line.name) => {}
                Some((_, lines)) => lines.push(line),
                None => programs.push((&row.program, vec![line])),
            }
        }
    }
    let charts = programs.into_iter().map(|(program, lines)| curves(printable(program), lines));
    charts.filter_map(Result::transpose).collect()
}

/// For each step of a rehearsal the latencies of the old and the new target.
pub fn latencies(shadow: &Shadow) -> Result<Vec<Chart>> {
    let line = |name: &str, target: &str, times: &[f64]| Line {
        name: format!("{name}: {}", printable(target)),
        times: times.to_vec(),
    };
    let charts = shadow.steps.iter().map(|step| {
        let old = line("old", &shadow.old, &step.old.percentiles);
        let new = line("new", &shadow.new, &step.new.percentiles);
        curves(format!("{} % mirrored", short(step.fraction * 100.0)), vec![old, new])
    });
    charts.filter_map(Result::transpose).collect()
}

/// Lines of times over the share of those that are no longer; nothing if there are no times.
fn curves(title: String, lines: Vec<Line>) -> Result<Option<Chart>> {
    let values = lines.iter().flat_map(|line| line.times.iter().copied());
    let Some(scale) = Scale::holding(values) else { return Ok(None) };
    let names = lines.iter().map(|line| line.name.clone()).collect();
    both(title, names, 220, &|area| draw_curves(area, &lines, &scale)).map(Some)
}

fn draw_curves(area: &Area, lines: &[Line], scale: &Scale) -> Result<()> {
    let (width, height) = area.dim_in_pixel();
    let (right, bottom) = (width as i32 - 22, height as i32 - 28);
    let ticks: Vec<(f64, String)> =
        scale.ticks(5).into_iter().map(|tick| (tick, format!("{} ms", short(tick)))).collect();
    let left = ticks.iter().map(|(_, text)| width_of(text)).max().unwrap_or(40) + 8;
    let percent = Scale { low: 0.0, high: 100.0, logarithmic: false };
    let plot = plot(area, &percent, scale, (left, right, 10, bottom));
    for (tick, text) in &ticks {
        let y = plot.map_coordinate(&(0.0, scale.at(*tick))).1;
        stroke(area, [(left, y), (right, y)], GRID, 1)?;
        write(area, text, (left - 6, y), HPos::Right, MUTED)?;
    }
    for tick in [0, 25, 50, 75, 100] {
        let x = plot.map_coordinate(&(f64::from(tick), scale.at(scale.low))).0;
        stroke(area, [(x, bottom), (x, bottom + 4)], MUTED, 1)?;
        write(area, &format!("{tick} %"), (x, bottom + 16), HPos::Center, MUTED)?;
    }
    stroke(area, [(left, bottom), (right, bottom)], MUTED, 1)?;
    for (index, Line { times, .. }) in lines.iter().enumerate() {
        let style = line_colour(index).stroke_width(2);
        let last = times.len().saturating_sub(1).max(1) as f64;
        let points = times.iter().enumerate().filter(|(_, time)| is_shown(**time));
        let points: Vec<(f64, f64)> =
            points.map(|(n, time)| (n as f64 * 100.0 / last, scale.at(*time))).collect();
        if let [(_, time)] = points[..] {
            let dot = Circle::new((50.0, time), 3, line_colour(index).filled());
            plot.draw(&dot).map_err(failed)?;
        } else {
            plot.draw(&PathElement::new(points, style)).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_values_inside_its_range() {
        let near = Scale { low: 0.8, high: 2.1, logarithmic: true };
        assert_eq!(near.ticks(4).iter().map(|v| short(*v)).collect::<Vec<_>>(), ["1", "1.5", "2"]);
        let far = Scale { low: 0.5, high: 300.0, logarithmic: true };
        assert_eq!(far.ticks(4), [1.0, 10.0, 100.0]);
    }

    fn line(times: &[f64]) -> Line {
        Line { name: "a".to_string(), times: times.to_vec() }
    }

    #[test]
    fn values_that_are_not_numbers_do_not_stop_a_chart() {
        let none = vec![line(&[f64::NAN, 0.0, f64::INFINITY, -1.0])];
        assert!(curves("t".to_string(), none).unwrap().is_none());
        let mixed = vec![line(&[1.0, f64::NAN, 3.0])];
        assert!(!curves("t".to_string(), mixed).unwrap().unwrap().wide.contains("NaN"));
    }

    #[test]
    fn colours_are_those_of_the_page() {
        let lines = vec![line(&[1.0, 2.0]), line(&[2.0, 3.0])];
        let chart = curves("<t>".to_string(), lines).unwrap().unwrap();
        assert!(!chart.wide.contains("\"#"), "{}", chart.wide);
        assert!(chart.narrow.contains("var(--series-1)"));
        assert!(chart.wide.contains("aria-label=\"&lt;t&gt;\""));
    }
}
