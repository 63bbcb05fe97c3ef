//! The page of a result: one file, no script, nothing loaded from anywhere.

use std::fmt::Write as _;

use super::{
    Figure, LoadStep, RunOutcome, Sample,
    figure::shown,
    plot::{Line, Plot, Scale, escape},
};
use crate::measure::Percentiles;

const STYLE: &str = include_str!("page.css");

/// The page of a result.
pub fn page(outcome: &RunOutcome) -> String {
    let mut page = String::new();
    let title = escape(&outcome.scenario);
    // Writing to a string does not fail.
    write!(
        page,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Hubbub under load: {title}</title><style>{STYLE}</style><body><h1>Hubbub under load: {title}</h1>"
    )
    .unwrap_or_default();
    verdict(&mut page, outcome);
    figures(&mut page, &outcome.figures);
    limits(&mut page, &outcome.figures);
    curves(&mut page, outcome);
    steps(&mut page, outcome);
    samples(&mut page, &outcome.samples);
    list(&mut page, "Notes", &outcome.notes);
    machine(&mut page, outcome);
    page.push_str("</body></html>\n");
    page
}

fn verdict(page: &mut String, outcome: &RunOutcome) {
    if outcome.wrong.is_empty() {
        page.push_str(
            "<p class=\"good\">Every check held: each member got each entry once and in order.</p>",
        );
    } else {
        page.push_str("<p class=\"bad\">Checks failed.</p>");
        list(page, "What was wrong", &outcome.wrong);
    }
    if outcome.cut_short {
        page.push_str("<p>It was stopped early; the figures are of the time until then.</p>");
    }
}

fn figures(page: &mut String, figures: &[Figure]) {
    section(page, "Figures");
    let limited = figures.iter().any(|figure| figure.limit.is_some());
    page.push_str("<table><thead><tr><th>What<th>Measured<th>");
    if limited {
        page.push_str("<th>Limit of the machine<th>Ratio");
    }
    page.push_str("</thead><tbody>");
    for figure in figures {
        write!(
            page,
            "<tr><td>{}<td class=\"n\">{}<td>{}",
            escape(&figure.name),
            figure.shown(),
            escape(&figure.unit),
        )
        .unwrap_or_default();
        if limited {
            let limit = figure.limit.map_or_else(String::new, shown);
            let ratio = figure.of_limit().map(|ratio| format!("{ratio:.2}"));
            let ratio = ratio.unwrap_or_default();
            write!(page, "<td class=\"n\">{limit}<td class=\"n\">{ratio}").unwrap_or_default();
        }
    }
    page.push_str("</tbody></table>");
}

/// How near each figure is to the machine's limit, as bars.
fn limits(page: &mut String, figures: &[Figure]) {
    let near = figures.iter().filter_map(|figure| {
        let ratio = figure.of_limit()?;
        // More is better for rates, less for times: a full bar is the limit itself.
        let part = if figure.better == super::Better::Lower {
            1.0 / ratio
        } else {
            ratio
        };
        Some((figure, part))
    });
    let near: Vec<_> = near.collect();
    if near.is_empty() {
        return;
    }
    section(page, "How near to the machine's limit");
    for (figure, part) in near {
        write!(
            page,
            "<label class=\"bar\">{} <meter min=\"0\" max=\"1\" value=\"{:.3}\"></meter> {:.0} %</label>",
            escape(&figure.name),
            part.min(1.0),
            part * 100.0
        )
        .unwrap_or_default();
    }
}

/// Times by percentile: along the bottom one in so many is slower.
fn curves(page: &mut String, outcome: &RunOutcome) {
    for (name, times) in &outcome.latencies {
        if times.count == 0 {
            continue;
        }
        let mut lines = vec![curve(name, times)];
        let limit = outcome
            .limit_latencies
            .iter()
            .find(|other| other.0 == *name);
        lines.extend(limit.map(|(_, times)| curve("limit of the machine", times)));
        section(page, name);
        let plot = Plot {
            x: "percentile (one in so many is slower)".into(),
            y: "milliseconds".into(),
            x_scale: Scale::Log,
            y_scale: Scale::Log,
            lines,
        };
        page.push_str(&plot.svg());
    }
}

fn curve(name: &str, times: &Percentiles) -> Line {
    let inner = times.curve.iter().filter(|(at, _)| *at < 100.0);
    Line {
        name: name.into(),
        points: inner.map(|(at, ms)| (100.0 / (100.0 - at), *ms)).collect(),
    }
}

fn steps(page: &mut String, outcome: &RunOutcome) {
    let steps = &outcome.steps;
    if steps.is_empty() {
        return;
    }
    let idle = outcome.scenario == "idle";
    let x = if idle {
        "connections"
    } else {
        "messages a second, offered"
    };
    let line = |name: &str, of: fn(&LoadStep) -> f64| Line {
        name: name.into(),
        points: steps.iter().map(|step| (step.offered, of(step))).collect(),
    };
    let plot = |y: &str, y_scale, lines| Plot {
        x: x.into(),
        y: y.into(),
        x_scale: if idle { Scale::Linear } else { Scale::Log },
        y_scale,
        lines,
    };
    section(
        page,
        if idle {
            "From dial to welcome, by connections"
        } else {
            "Times over load"
        },
    );
    let times = vec![
        line("p50", |step| step.latency.p50_ms),
        line("p90", |step| step.latency.p90_ms),
        line("p99", |step| step.latency.p99_ms),
    ];
    page.push_str(&plot("milliseconds", Scale::Log, times).svg());
    if steps.iter().any(|step| step.memory_bytes > 0) {
        section(
            page,
            if idle {
                "Memory by connections"
            } else {
                "Memory over load"
            },
        );
        let memory = vec![line("server", |step| mb(step.memory_bytes))];
        page.push_str(&plot("MB", Scale::Linear, memory).svg());
    }
    if idle {
        return;
    }
    section(page, "Done of what was offered");
    let done = vec![
        line("done", |step| step.done),
        line("offered", |step| step.offered),
    ];
    page.push_str(&plot("a second", Scale::Log, done).svg());
    section(page, "Processors over load");
    let busy = vec![
        line("server", |step| step.server_cpu),
        line("loadgen", |step| step.own_cpu),
    ];
    page.push_str(&plot("cores", Scale::Linear, busy).svg());
}

fn samples(page: &mut String, samples: &[Sample]) {
    if samples.len() < 2 {
        return;
    }
    let line = |name: &str, of: fn(&Sample) -> f64| Line {
        name: name.into(),
        points: samples
            .iter()
            .map(|sample| (sample.at_s, of(sample)))
            .collect(),
    };
    let plot = |y: &str, lines| Plot {
        x: "seconds".into(),
        y: y.into(),
        x_scale: Scale::Linear,
        y_scale: Scale::Linear,
        lines,
    };
    section(page, "Deliveries over time");
    let rate = vec![line("deliveries", |sample| sample.deliveries_per_s)];
    page.push_str(&plot("a second", rate).svg());
    section(page, "Processors over time");
    let busy = vec![
        line("server", |sample| sample.server_cpu),
        line("loadgen", |sample| sample.own_cpu),
    ];
    page.push_str(&plot("cores", busy).svg());
    if samples.iter().any(|sample| sample.memory_bytes > 0) {
        section(page, "Memory of the server over time");
        let memory = vec![line("server", |sample| mb(sample.memory_bytes))];
        page.push_str(&plot("MB", memory).svg());
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn machine(page: &mut String, outcome: &RunOutcome) {
    let machine = &outcome.machine;
    section(page, "Where");
    write!(
        page,
        "<p>{} × {}, {} MiB, {}; loadgen {}</p><pre>{}</pre>",
        machine.cores,
        escape(&machine.cpu),
        machine.memory_mib,
        escape(&machine.kernel),
        escape(&outcome.loadgen),
        escape(&outcome.command.join(" "))
    )
    .unwrap_or_default();
}

fn section(page: &mut String, name: &str) {
    write!(page, "<h2>{}</h2>", escape(name)).unwrap_or_default();
}

fn list(page: &mut String, name: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    section(page, name);
    page.push_str("<ul>");
    for line in lines {
        write!(page, "<li>{}", escape(line)).unwrap_or_default();
    }
    page.push_str("</ul>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Better;

    #[test]
    fn a_page_is_whole_and_loads_nothing() {
        let mut outcome = RunOutcome::of("fanout");
        outcome.command = vec!["loadgen".into(), "<script>".into()];
        outcome.figure("deliveries", 120_000.0, "/s", Better::Higher);
        outcome.limited("deliveries", 150_000.0);
        outcome.steps = vec![
            LoadStep {
                offered: 10.0,
                ..LoadStep::default()
            };
            3
        ];
        outcome.samples = vec![
            Sample {
                memory_bytes: 1,
                ..Sample::default()
            };
            3
        ];
        outcome.wrong = vec!["a hole & more".into()];
        let page = page(&outcome);
        assert!(page.contains("0.80") && page.contains("a hole &amp; more"));
        assert!(page.ends_with("</html>\n") && !page.contains("<script"));
        assert!(!page.contains("http"), "nothing is loaded from anywhere");
    }
}
