//! `luago-harness shadow`

use super::args::{InputAs, ShadowArgs};
use super::exit::usage;
use super::progress::Bar;
use super::reports;
use super::targets::{bounds, quoted, target_words, targets};
use crate::corpus::Case;
use crate::report::Report;
use crate::run::shadow::{Input, Plan, Thresholds, Way};
use crate::target::Pair;
use anyhow::{Result, anyhow};

/// Rehearses one target in the place of another.
pub fn run(args: ShadowArgs) -> Result<bool> {
    let mut scripts = usage(Case::under(&args.script))?;
    let script = match (scripts.pop(), scripts.is_empty()) {
        (Some(script), true) if args.script.is_file() => script,
        _ => return usage(Err(anyhow!("{} is not one script", args.script.display()))),
    };
    let inputs = usage(Input::read_folder(&args.inputs))?;
    if args.fraction.0 == 0.0 {
        return usage(Err(anyhow!("--fraction 0% compares nothing")));
    }
    let mut varies = script.header.varies.clone();
    varies.extend(&args.varies);
    let plan = Plan {
        command: command(&args),
        pair: Pair { reference: args.old, subject: args.new },
        requests: args.requests.unwrap_or(inputs.len().max(200) as u64),
        inputs,
        way: match args.input_as {
            InputAs::Stdin => Way::Stdin,
            InputAs::Argument => Way::Argument,
        },
        fractions: fractions(args.fraction.0),
        thresholds: Thresholds {
            different: args.max_diff.0,
            p99: args.max_p99,
            memory: args.max_memory.map(|size| size.as_u64()),
        },
        script,
        varies,
        seed: args.seed,
        bounds: bounds(&args.target),
    };
    let targets = targets(&args.target)?;
    let bar = Bar::new("shadowing", plan.requests * plan.fractions.len() as u64);
    let shadow = plan.run(&targets, &|fraction| {
        bar.step(1);
        bar.say(format!("{:.0} % mirrored", fraction * 100.0));
    })?;
    drop(bar);
    let mut report = Report::new(args.seed);
    report.shadow = Some(shadow);
    reports::deliver(&report, &args.report)
}

/// The first share, doubled until it is the whole.
fn fractions(first: f64) -> Vec<f64> {
    let mut fractions = vec![first];
    let mut next = first * 2.0;
    while next < 1.0 {
        fractions.push(next);
        next *= 2.0;
    }
    if first < 1.0 {
        fractions.push(1.0);
    }
    fractions
}

fn command(args: &ShadowArgs) -> String {
    let text = |text: &dyn std::fmt::Display| text.to_string();
    let mut words = vec![
        "luago-harness".to_string(),
        "shadow".to_string(),
        text(&args.script.display()),
        "--old".to_string(),
        text(&args.old),
        "--new".to_string(),
        text(&args.new),
        "--inputs".to_string(),
        text(&args.inputs.display()),
        "--fraction".to_string(),
        "100%".to_string(),
    ];
    if let InputAs::Argument = args.input_as {
        words.extend(["--input-as".to_string(), "argument".to_string()]);
    }
    for what in &args.varies {
        words.extend(["--varies".to_string(), what.to_string()]);
    }
    words.extend(target_words(&args.target));
    quoted(words)
}
