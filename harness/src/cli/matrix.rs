//! `luago-harness matrix`

use super::args::MatrixArgs;
use super::exit::usage;
use super::progress::Bar;
use super::reports;
use super::targets::{bounds, quoted, target_words, targets};
use crate::corpus::{Case, Expectations, Scenario};
use crate::generate::{self, Id};
use crate::lua::Lua;
use crate::report::Report;
use crate::run::matrix::Plan;
use crate::run::scenarios;
use crate::target::Pair;
use anyhow::{Context, Result, anyhow, bail};
use globset::{Glob, GlobSetBuilder};
use std::path::Path;
use std::time::Instant;

/// Compares what scripts do.
pub fn run(args: MatrixArgs) -> Result<bool> {
    let chosen = usage(Chosen::of(&args))?;
    let Chosen { plan, scenarios } = chosen;
    let expectations = usage(expectations(&args))?;
    if plan.comparisons() == 0 && scenarios.is_empty() {
        return usage(Err(anyhow!("there is nothing to compare; see --case, --pair and --lua")));
    }
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()
            .context("cannot start threads")?;
    }
    let targets = targets(&args.target)?;
    let versions = scenarios.asked(&targets).len();
    let bar = Bar::new("comparing", plan.comparisons() + scenarios.comparisons(versions));
    let start = Instant::now();
    let mut matrix = plan.run(&targets, &expectations, &bar)?;
    if !scenarios.is_empty() {
        matrix.go = Some(scenarios.run(&targets, &expectations, &bar)?);
        matrix.seconds = start.elapsed().as_secs_f64();
    }
    drop(bar);
    let problems: Vec<String> = matrix.go_problems().collect();
    let mut report = Report::new(args.seed);
    report.shard = args.shard;
    report.matrix = Some(matrix);
    let as_expected = reports::deliver(&report, &args.report)?;
    match problems.is_empty() {
        true => Ok(as_expected),
        false => bail!("{}", problems.join("\nluago-harness: ")),
    }
}

/// What a command line asks for.
struct Chosen {
    plan: Plan,
    scenarios: scenarios::Plan,
}

impl Chosen {
    fn of(args: &MatrixArgs) -> Result<Chosen> {
        let mut cases = Vec::new();
        for path in &args.paths {
            cases.extend(Case::under(path)?);
        }
        if args.paths.is_empty() && !args.no_cases {
            cases = Case::corpus()?;
        }
        let mut scenarios = scenarios(args)?;
        let mut pairs = match (args.pair.is_empty(), args.lua.is_empty()) {
            (false, _) => args.pair.clone(),
            (_, false) => args.lua.iter().copied().map(Pair::of).collect(),
            _ => Pair::all(),
        };
        if !args.cases.is_empty() {
            cases = chosen(cases, &mut scenarios, args, &mut pairs)?;
        }
        for case in &mut cases {
            case.header.varies.extend(&args.varies);
        }
        let bounds = bounds(&args.target);
        let plan = Plan {
            cases,
            pairs,
            generated: args.generated,
            seed: args.seed,
            shard: args.shard,
            bounds,
            command: command(args),
        };
        let scenarios = scenarios::Plan {
            scenarios,
            luas: luas(args),
            asked: args.go.clone(),
            shard: args.shard,
            bounds,
            bless: args.scenarios.clone().filter(|_| args.bless),
            command: command(args),
        };
        Ok(Chosen { plan, scenarios })
    }
}

/// The scenarios that are run besides the corpus, or that were asked for.
fn scenarios(args: &MatrixArgs) -> Result<Vec<Scenario>> {
    let is_corpus = args.paths.is_empty() && args.pair.is_empty() && !args.no_cases;
    match &args.scenarios {
        Some(folder) => Scenario::under(folder),
        None if is_corpus && !args.no_go => Scenario::corpus(),
        None => Ok(Vec::new()),
    }
}

/// The versions of Lua that scenarios are run with: the sandbox has no others.
fn luas(args: &MatrixArgs) -> Vec<Lua> {
    let wanted = |lua: &Lua| args.lua.is_empty() || args.lua.contains(lua);
    Lua::PUC.into_iter().filter(wanted).collect()
}

/// The cases that were asked for by name.
fn chosen(
    cases: Vec<Case>,
    scenarios: &mut Vec<Scenario>,
    args: &MatrixArgs,
    pairs: &mut Vec<Pair>,
) -> Result<Vec<Case>> {
    let mut globs = GlobSetBuilder::new();
    let mut generated = Vec::new();
    for name in &args.cases {
        match Id::parse(name) {
            Some(id) => generated.push((name, id?)),
            None => {
                globs.add(Glob::new(name).with_context(|| format!("--case {name}"))?);
            }
        }
    }
    let globs = globs.build()?;
    scenarios.retain(|scenario| globs.is_match(&scenario.case.id));
    let mut chosen: Vec<Case> = cases.into_iter().filter(|case| globs.is_match(&case.id)).collect();
    for (name, id) in &generated {
        let tree = generate::tree(id.lua, id.seed, id.index).map_err(anyhow::Error::msg)?;
        let mut case = Case::new(*name, tree.current().source())?;
        case.header.luas = vec![id.lua];
        chosen.push(case);
    }
    if args.pair.is_empty() && args.lua.is_empty() && chosen.len() == generated.len() {
        pairs.retain(|pair| generated.iter().any(|(_, id)| id.lua == pair.reference.lua));
    }
    if chosen.is_empty() && scenarios.is_empty() {
        return Err(anyhow!("no case matches {}", args.cases.join(", ")));
    }
    Ok(chosen)
}

fn expectations(args: &MatrixArgs) -> Result<Expectations> {
    match &args.expectations {
        Some(path) => read(path).with_context(|| format!("--expectations {}", path.display())),
        None if args.paths.is_empty() => Expectations::known(),
        None => Ok(Expectations::default()),
    }
}

fn read(path: &Path) -> Result<Expectations> {
    Expectations::parse(&std::fs::read_to_string(path)?)
}

/// The command that repeats a part of this run.
fn command(args: &MatrixArgs) -> String {
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let mut words = vec!["luago-harness".to_string(), "matrix".to_string()];
    words.extend(args.paths.iter().map(|one| path(one)));
    for what in &args.varies {
        words.extend(["--varies".to_string(), what.to_string()]);
    }
    if let Some(known) = &args.expectations {
        words.extend(["--expectations".to_string(), path(known)]);
    }
    if let Some(folder) = &args.scenarios {
        words.extend(["--scenarios".to_string(), path(folder)]);
    }
    words.extend(target_words(&args.target));
    quoted(words)
}
