//! Runs scenarios, with each version of Lua and of Go.

use super::compare::{difference, patient};
use super::normalise::normalise;
use super::progress::Progress;
use crate::corpus::{Expectations, Scenario, Transcript};
use crate::lua::Lua;
use crate::report::{CaseRow, Cell, Found, GoScenarios, GoToolchain, Seen, Shard, Verdict};
use crate::target::{Asked, Bounds, End, Granted, Job, Observation, Target, Targets, Toolchain};
use anyhow::{Context, Result, bail};
use luago::{GoGrant, GoModule};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How long the first start of a guest may take, which compiles it.
const FIRST_START: Duration = Duration::from_secs(120);

/// How every scenario is to end.
const END: End = End::Exit(0);

/// Which scenarios to run, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenarios, ordered by id.
    pub scenarios: Vec<Scenario>,
    /// The versions of Lua.
    pub luas: Vec<Lua>,
    /// The versions of Go; those that the machine has if there are none.
    pub asked: Vec<Asked>,
    /// Which part of it all to run.
    pub shard: Option<Shard>,
    /// What each run may use.
    pub bounds: Bounds,
    /// Where transcripts are written, if they are to be.
    pub bless: Option<PathBuf>,
    /// The command that repeats one scenario, without `--case`, `--lua` and `--go`.
    pub command: String,
}

/// One column of the results.
struct Column<'a> {
    lua: Lua,
    go: &'a Built,
    /// Its name in reports.
    pair: String,
}

/// A version of Go, and the guests that it has built.
struct Built {
    toolchain: Toolchain,
    guests: BTreeMap<String, GoModule>,
}

impl Plan {
    /// Is there anything to run?
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty() || self.luas.is_empty()
    }

    /// The comparisons that there are to do with these versions of Go.
    pub fn comparisons(&self, versions: usize) -> u64 {
        let luas = self.ours().map(|scenario| self.luas_of(scenario).count()).sum::<usize>();
        (luas * versions) as u64
    }

    /// The versions of Go to use.
    pub fn asked(&self, targets: &Targets) -> Vec<Asked> {
        match self.asked.is_empty() {
            true => targets.go().usual(),
            false => self.asked.clone(),
        }
    }

    fn ours(&self) -> impl Iterator<Item = &Scenario> {
        self.scenarios.iter().enumerate().filter_map(|(index, scenario)| {
            let ours = self.shard.is_none_or(|shard| shard.has(index as u64));
            ours.then_some(scenario)
        })
    }

    fn luas_of(&self, scenario: &Scenario) -> impl Iterator<Item = Lua> {
        self.luas.iter().copied().filter(|lua| scenario.case.header.is_for(*lua))
    }

    /// Runs it all. A version of Go that is not there is a part of what was found.
    pub fn run(
        &self,
        targets: &Targets,
        expectations: &Expectations,
        progress: &dyn Progress,
    ) -> Result<GoScenarios> {
        for lua in &self.luas {
            targets.prepare(Target::sandbox(*lua))?;
        }
        let (mut toolchains, mut built) = (Vec::new(), Vec::<Built>::new());
        for asked in self.asked(targets) {
            let made = self.build(&asked, targets);
            let version = made.as_ref().ok().map(|made| made.toolchain.version.clone());
            let problem = made.as_ref().err().map(|error| format!("{error:#}"));
            toolchains.push(GoToolchain { asked: asked.to_string(), version, problem });
            // The machine's own may be the very version that was asked for besides.
            built.extend(made.ok().filter(|made| {
                built.iter().all(|other| other.toolchain.version != made.toolchain.version)
            }));
        }
        let columns: Vec<Column<'_>> =
            built.iter().flat_map(|go| self.luas.iter().map(|lua| Column::new(*lua, go))).collect();
        let scenarios: Vec<&Scenario> = self.ours().collect();
        let cases = scenarios
            .into_par_iter()
            .map(|scenario| {
                let row = self.row(scenario, &columns, targets, expectations)?;
                let failed = row.cells.iter().filter(|cell| cell.verdict.is_failure()).count();
                progress.done(row.cells.len() as u64, failed as u64);
                Ok(row)
            })
            .collect::<Result<_>>()?;
        let pairs = columns.into_iter().map(|column| column.pair).collect();
        Ok(GoScenarios { toolchains, pairs, cases })
    }

    /// Builds all guests with one version of Go, and starts each once.
    fn build(&self, asked: &Asked, targets: &Targets) -> Result<Built> {
        let toolchain = targets.go().toolchain(asked)?;
        let mut guests = BTreeMap::new();
        let lines = self.ours().flat_map(|scenario| &scenario.case.header.go);
        for line in lines {
            if guests.contains_key(&line.program) {
                continue;
            }
            let path = targets.go().guest(&toolchain, &line.program)?;
            let module = targets.go_module(&path)?;
            self.start(&line.program, &module, targets).with_context(|| {
                format!("the Go guest {} of {} does not start", line.program, toolchain.version)
            })?;
            guests.insert(line.program.clone(), module);
        }
        Ok(Built { toolchain, guests })
    }

    /// Starts a guest for the first time, which compiles it. No scenario has to wait for that.
    fn start(&self, program: &str, module: &GoModule, targets: &Targets) -> Result<()> {
        let Some(lua) = self.luas.first() else { return Ok(()) };
        let granted =
            Granted { name: program.to_string(), module: module.clone(), grant: GoGrant::new() };
        let code = format!("require {program:?}");
        let job = Job {
            name: "start.lua",
            code: code.as_bytes(),
            args: &[],
            stdin: &[],
            folder: None,
            files: false,
            bounds: Bounds { time: FIRST_START, ..self.bounds },
        };
        let seen = targets.run_with_go(*lua, &job, &[granted])?;
        if seen.end != END {
            bail!("{}: {}", seen.end, String::from_utf8_lossy(&seen.stderr).trim_end());
        }
        Ok(())
    }

    fn row(
        &self,
        scenario: &Scenario,
        columns: &[Column<'_>],
        targets: &Targets,
        expectations: &Expectations,
    ) -> Result<CaseRow> {
        let case = &scenario.case;
        let mut transcript = scenario.transcript.clone();
        let mut cells = Vec::new();
        for column in columns.iter().filter(|column| case.header.is_for(column.lua)) {
            let mut seen = self.observe(scenario, column, self.bounds, targets)?;
            if seen.end == End::Time {
                // It may only have been slow.
                let bounds = Bounds { time: patient(self.bounds.time), ..self.bounds };
                seen = self.observe(scenario, column, bounds, targets)?;
            }
            let seen = normalise(&seen, &case.header.varies, column.lua);
            if let (Some(folder), true) = (&self.bless, cells.is_empty()) {
                let blessed = Transcript::of(&seen);
                blessed.write(folder, case)?;
                transcript = Some(blessed);
            }
            cells.push(self.cell(scenario, column, seen, transcript.as_ref(), expectations));
        }
        Ok(CaseRow { id: case.id.clone(), cells })
    }

    fn observe(
        &self,
        scenario: &Scenario,
        column: &Column<'_>,
        bounds: Bounds,
        targets: &Targets,
    ) -> Result<Observation> {
        let lines = scenario.case.header.go.iter();
        let granted: Vec<Granted> = lines
            .filter_map(|line| {
                let module = column.go.guests.get(&line.program)?.clone();
                Some(Granted { name: line.name.clone(), module, grant: line.grant() })
            })
            .collect();
        scenario.case.with_job(bounds, |job| targets.run_with_go(column.lua, job, &granted))
    }

    fn cell(
        &self,
        scenario: &Scenario,
        column: &Column<'_>,
        subject: Seen,
        transcript: Option<&Transcript>,
        expectations: &Expectations,
    ) -> Cell {
        let (case, pair) = (&scenario.case, &column.pair);
        let reference = match transcript {
            Some(text) => Seen {
                end: END.to_string(),
                stdout: text.stdout.clone(),
                stderr: text.stderr.clone(),
            },
            None => Seen {
                end: "there is no transcript; --scenarios DIR --bless writes it".to_string(),
                stdout: String::new(),
                stderr: String::new(),
            },
        };
        let fields = difference(&reference, &subject);
        let (verdict, reason) = expectations.judge(&case.id, pair, &fields);
        let found = (verdict != Verdict::Same).then(|| Found {
            fields,
            reference,
            subject,
            script: String::from_utf8_lossy(&case.code).into_owned(),
            repeat: format!(
                "{} --case '{}' --lua {} --go {}",
                self.command,
                case.id,
                column.lua,
                column.go.toolchain.version.trim_start_matches("go"),
            ),
        });
        Cell { pair: pair.clone(), verdict, reason: reason.map(str::to_string), found }
    }
}

impl<'a> Column<'a> {
    fn new(lua: Lua, go: &'a Built) -> Column<'a> {
        let pair = format!("transcript=sandbox:{lua}+{}", go.toolchain.version);
        Column { lua, go, pair }
    }
}
