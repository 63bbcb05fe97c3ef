//! Plots as SVG that stands in a page: colours come from the page's style, so that they fit a light and a dark one.

use std::fmt::Write as _;

use super::figure::shown;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 32.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 40.0;
/// Points of a line; of more, every so many-th is drawn.
const POINTS: usize = 600;
/// Lines that have a colour of their own.
const COLOURS: usize = 4;

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// Evenly, from 0.
    Linear,
    /// By powers of ten.
    Log,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What it is.
    pub(super) name: String,
    /// Its points.
    pub(super) points: Vec<(f64, f64)>,
}

/// A plot.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    /// What is along the bottom.
    pub(super) x: String,
    /// What is along the side.
    pub(super) y: String,
    /// How the bottom is spread.
    pub(super) x_scale: Scale,
    /// How the side is spread.
    pub(super) y_scale: Scale,
    /// Its lines.
    pub(super) lines: Vec<Line>,
}

struct Axis {
    low: f64,
    high: f64,
    scale: Scale,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64> + Clone, scale: Scale) -> Self {
        let good = |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
        let high = values.clone().filter(good).fold(f64::MIN, f64::max);
        let low = values.filter(good).fold(f64::MAX, f64::min);
        if low > high {
            return Self {
                low: if scale == Scale::Log { 1.0 } else { 0.0 },
                high: 10.0,
                scale,
            };
        }
        match scale {
            Scale::Linear => Self {
                low: 0.0,
                high: nice(high),
                scale,
            },
            Scale::Log => {
                let low = 10f64.powf(low.log10().floor());
                let high = 10f64.powf(high.log10().ceil());
                Self {
                    low,
                    high: if high > low { high } else { low * 10.0 },
                    scale,
                }
            }
        }
    }

    /// Where a value is, 0 to 1.
    fn at(&self, value: f64) -> f64 {
        let part = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => {
                let low = self.low.log10();
                (value.max(self.low).log10() - low) / (self.high.log10() - low)
            }
        };
        part.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<f64> {
        match self.scale {
            Scale::Linear => (0..=4)
                .map(|n| self.low + (self.high - self.low) * f64::from(n) / 4.0)
                .collect(),
            Scale::Log => {
                let tens = std::iter::successors(Some(self.low), |tick| Some(tick * 10.0));
                tens.take_while(|tick| *tick <= self.high * 1.001)
                    .take(12)
                    .collect()
            }
        }
    }
}

/// The next of 1, 2, 2.5, 4, 5, 8 times a power of ten.
fn nice(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let ten = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 2.5, 4.0, 5.0, 8.0, 10.0];
    let fits = steps.iter().find(|step| *step * ten >= value * 0.9999);
    fits.unwrap_or(&10.0) * ten
}

impl Plot {
    /// The plot as SVG, with its lines named below it.
    pub(super) fn svg(&self) -> String {
        let all = || self.lines.iter().flat_map(|line| line.points.iter());
        let x = Axis::of(all().map(|point| point.0), self.x_scale);
        let y = Axis::of(all().map(|point| point.1), self.y_scale);
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{} by {}\">",
            escape(&self.y),
            escape(&self.x)
        );
        self.frame(&mut svg, &x, &y);
        for (n, line) in self.lines.iter().enumerate() {
            let mut path = String::new();
            let every = line.points.len().div_ceil(POINTS).max(1);
            for (m, point) in line.points.iter().step_by(every).enumerate() {
                let word = if m == 0 { 'M' } else { 'L' };
                let (px, py) = place(&x, &y, *point);
                // Writing to a string does not fail.
                write!(path, "{word}{px:.1} {py:.1}").unwrap_or_default();
            }
            let colour = n % COLOURS;
            write!(svg, "<path class=\"line c{colour}\" d=\"{path}\"/>").unwrap_or_default();
            if line.points.len() <= 40 {
                for point in &line.points {
                    let (px, py) = place(&x, &y, *point);
                    write!(
                        svg,
                        "<circle class=\"c{colour}\" cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"2.5\"/>"
                    )
                    .unwrap_or_default();
                }
            }
        }
        svg.push_str("</svg><p class=\"legend\">");
        for (n, line) in self.lines.iter().enumerate() {
            let colour = n % COLOURS;
            let name = escape(&line.name);
            write!(svg, "<span><i class=\"c{colour}\"></i>{name}</span>").unwrap_or_default();
        }
        svg.push_str("</p>");
        svg
    }

    fn frame(&self, svg: &mut String, x: &Axis, y: &Axis) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for tick in y.ticks() {
            let (_, py) = place(x, y, (x.low, tick));
            write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {py:.1}H{right}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                py + 4.0,
                shown(tick)
            )
            .unwrap_or_default();
        }
        for tick in x.ticks() {
            let (px, _) = place(x, y, (tick, y.low));
            write!(
                svg,
                "<path class=\"grid\" d=\"M{px:.1} {TOP}V{bottom}\"/><text x=\"{px:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                bottom + 16.0,
                shown(tick)
            )
            .unwrap_or_default();
        }
        write!(
            svg,
            "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"name\" transform=\"translate(12 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            f64::midpoint(LEFT, right),
            HEIGHT - 6.0,
            escape(&self.x),
            f64::midpoint(TOP, bottom),
            escape(&self.y)
        )
        .unwrap_or_default();
    }
}

fn place(x: &Axis, y: &Axis, (px, py): (f64, f64)) -> (f64, f64) {
    (
        LEFT + x.at(px) * (WIDTH - LEFT - RIGHT),
        HEIGHT - BOTTOM - y.at(py) * (HEIGHT - TOP - BOTTOM),
    )
}

/// A text as it may stand in a page.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_round_and_hold_everything() {
        for (value, round) in [
            (0.0, 1.0),
            (3.0, 4.0),
            (99.0, 100.0),
            (101.0, 200.0),
            (1e6, 1e6),
        ] {
            assert!(
                (nice(value) - round).abs() < 1e-6,
                "{value}: {}",
                nice(value)
            );
        }
        let axis = Axis::of([0.3, 70.0].into_iter(), Scale::Log);
        assert!((axis.low - 0.1).abs() < 1e-9 && (axis.high - 100.0).abs() < 1e-9);
        assert!((axis.at(0.1)).abs() < 1e-9 && (axis.at(100.0) - 1.0).abs() < 1e-9);
        let none = Axis::of([f64::NAN, 0.0].into_iter(), Scale::Log);
        assert!(none.high > none.low);
    }

    #[test]
    fn a_plot_of_anything_is_a_plot() {
        let plot = Plot {
            x: "a <b>".into(),
            y: "c".into(),
            x_scale: Scale::Linear,
            y_scale: Scale::Log,
            lines: vec![
                Line {
                    name: "none".into(),
                    points: Vec::new(),
                },
                Line {
                    name: "some".into(),
                    points: vec![(0.0, 0.0), (1.0, f64::INFINITY), (2.0, 5.0)],
                },
            ],
        };
        let svg = plot.svg();
        assert!(
            svg.contains("a &lt;b&gt;") && !svg.contains("NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }
}
