//! Every case of the corpus in every pair of native Lua and sandbox, each a test of its
//! own, and 2,000 generated programs for each version.
//!
//! `cargo test --release --test corpus 6.4-string/gsub` runs those of a name.

use libtest_mimic::{Arguments, Failed, Trial};
use luago::Compile;
use luago_harness::corpus::{Case, Expectations};
use luago_harness::lua::Lua;
use luago_harness::render::{Renderer, Terminal};
use luago_harness::report::Report;
use luago_harness::run::matrix::Plan;
use luago_harness::target::{Bounds, Pair, Targets};
use std::process::ExitCode;
use std::sync::Arc;

/// Generated programs for each version.
const PROGRAMS: u64 = 2000;

/// What all tests share.
struct Shared {
    targets: Targets,
    expectations: Expectations,
}

impl Shared {
    /// Fails with what the harness has to say.
    fn check(&self, plan: &Plan) -> Result<(), Failed> {
        let matrix = plan.run(&self.targets, &self.expectations, &()).map_err(describe)?;
        let mut report = Report::new(plan.seed);
        report.matrix = Some(matrix);
        match report.is_as_expected() {
            true => Ok(()),
            false => Err(Terminal.text(&report).map_err(describe)?.into()),
        }
    }
}

fn describe(error: anyhow::Error) -> Failed {
    format!("{error:#}").into()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> anyhow::Result<Vec<Trial>> {
    let shared = Arc::new(Shared {
        targets: Targets::new(Targets::default_folder()?, None)?,
        expectations: Expectations::known()?,
    });
    // Of the version whose functions are compiled, each case with all of them compiled.
    let compiled = Arc::new(Shared {
        targets: Targets::compiling(Targets::default_folder()?, None, Compile::Eager)?,
        expectations: Expectations::known()?,
    });
    let mut trials = Vec::new();
    for pair in Pair::puc() {
        if pair.subject.lua == Lua::V54 {
            let compiled = Arc::clone(&compiled);
            let name = format!("compiled/generated/{}", pair.reference.lua);
            let check = move || compiled.check(&plan(Vec::new(), pair, PROGRAMS));
            trials.push(Trial::test(name, check));
        }
        let shared = Arc::clone(&shared);
        let name = format!("generated/{}", pair.reference.lua);
        trials.push(Trial::test(name, move || shared.check(&plan(Vec::new(), pair, PROGRAMS))));
    }
    for case in Case::corpus()? {
        for pair in Pair::all() {
            if case.header.is_for(pair.reference.lua) && case.header.is_for(pair.subject.lua) {
                if pair.subject.lua == Lua::V54 {
                    let (compiled, cases) = (Arc::clone(&compiled), vec![case.clone()]);
                    let name = format!("compiled/{}/{}", case.id, pair.reference.lua);
                    let check = move || compiled.check(&plan(cases, pair, 0));
                    trials.push(Trial::test(name, check));
                }
                let (shared, cases) = (Arc::clone(&shared), vec![case.clone()]);
                let name = format!("{}/{}", case.id, pair.reference.lua);
                trials.push(Trial::test(name, move || shared.check(&plan(cases, pair, 0))));
            }
        }
    }
    Ok(trials)
}

fn plan(cases: Vec<Case>, pair: Pair, generated: u64) -> Plan {
    Plan {
        cases,
        pairs: vec![pair],
        generated,
        seed: 2026,
        shard: None,
        bounds: Bounds::default(),
        command: "luago-harness matrix".to_string(),
    }
}
