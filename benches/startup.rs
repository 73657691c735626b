//! Creating a sandbox, running one line, and dropping it, beside a native Lua
//! state through mlua, in one run.

mod common;

use common::median;
use criterion::Criterion;
use luago::{Engine, Limits, Sandbox, Script};
use std::time::Duration;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let engine = Engine::new().expect("an engine");
    let script = Script::new("one", "return 1");
    let mut group = criterion.benchmark_group("startup");
    group.bench_function("native", |b| {
        b.iter(|| {
            let lua = mlua::Lua::new();
            lua.load("return 1").eval::<i64>().expect("a result")
        })
    });
    for (name, limits) in [
        ("sandbox", Limits::default()),
        ("deadline", Limits::default().deadline(Duration::from_secs(3600))),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let sandbox = Sandbox::builder(&engine).limits(limits.clone()).build();
                let mut sandbox = sandbox.expect("a sandbox");
                assert!(sandbox.run(&script).expect("a run").is_returned());
            })
        });
    }
    group.finish();
    criterion.final_summary();
    if let Some(native) = median("startup", "native") {
        println!("\nstart-up, run one line, drop: native {:.1} µs", native / 1e3);
        for name in ["sandbox", "deadline"] {
            if let Some(time) = median("startup", name) {
                println!("{name:<10} {:>8.1} µs {:>6.2} of native", time / 1e3, time / native);
            }
        }
    }
}
