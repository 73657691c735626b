//! From a policy's source to a template of sandboxes.

use crate::database::Database;
use crate::host;
use crate::metrics::Metrics;
use crate::settings::Settings;
use luago::{
    Engine, Error, Function, GoGrant, GoModule, LuaVersion, Sandbox, SandboxBuilder, Script,
    Template,
};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Makes templates, each with the same limits and the same functions of the host.
#[derive(Clone)]
pub(crate) struct Loader {
    engine: Engine,
    settings: Arc<Settings>,
    guests: Vec<(String, GoModule, GoGrant)>,
    database: Arc<Database>,
    pub metrics: Arc<Metrics>,
}

/// A version of the policy.
pub(crate) struct Loaded {
    pub template: Template,
    /// The handle of its function `check`, which is good in all copies of the template.
    pub check: Function,
}

/// Why a policy was not loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read: which one, and why.
    Read(PathBuf, std::io::Error),
    /// The script has an error, or was stopped.
    Script(luago::Error),
    /// The script defines no function `check`.
    NoCheck(luago::Error),
    /// The program is about to end.
    NotRun,
}

impl Loader {
    /// Compiles all that sandboxes run, so that no request waits for it and no deadline counts
    /// it. Blocks, for seconds where no cache has it.
    pub fn prepare(
        engine: &Engine,
        settings: &Arc<Settings>,
        database: Database,
        metrics: &Arc<Metrics>,
    ) -> Result<Loader, Error> {
        engine.prepare(LuaVersion::default())?;
        let mut guests = Vec::new();
        for guest in &settings.guests {
            let module = GoModule::from_file(engine, &guest.wasm)?;
            guests.push((guest.name.clone(), module, guest.grant.clone()));
        }
        Ok(Loader {
            engine: engine.clone(),
            settings: Arc::clone(settings),
            guests,
            database: Arc::new(database),
            metrics: Arc::clone(metrics),
        })
    }

    /// Runs the script once; what it leaves is what each request starts from. Off the
    /// executor's threads, as a policy may compute here for as long as its deadline.
    pub async fn load(&self, name: String, source: Vec<u8>) -> Result<Loaded, LoadError> {
        let loader = self.clone();
        let loaded = tokio::task::spawn_blocking(move || loader.load_blocking(&name, source));
        loaded.await.map_err(|_| LoadError::NotRun)?
    }

    fn load_blocking(&self, name: &str, source: Vec<u8>) -> Result<Loaded, LoadError> {
        let mut sandbox = self.builder().build()?;
        let script = sandbox.load(&Script::file(name, source))?;
        sandbox.call::<()>(&script, ())?;
        drop(script);
        let check = sandbox.get("check").map_err(LoadError::NoCheck)?;
        Ok(Loaded { template: sandbox.into_template()?, check })
    }

    fn builder(&self) -> SandboxBuilder {
        let builder = Sandbox::builder(&self.engine)
            .limits(self.settings.limits())
            .capabilities(self.settings.capabilities())
            .global(host::db(&self.database, &self.metrics));
        self.guests
            .iter()
            .cloned()
            .fold(builder, |builder, (name, module, grant)| builder.go(&name, module, grant))
    }
}

impl From<luago::Error> for LoadError {
    fn from(error: luago::Error) -> LoadError {
        LoadError::Script(error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Read(path, _) => write!(f, "cannot read the policy {}", path.display()),
            LoadError::Script(error) => write!(f, "cannot load the policy: {error}"),
            LoadError::NoCheck(error) => {
                write!(f, "the policy defines no global function 'check': {error}")
            }
            LoadError::NotRun => f.write_str("the policy was not loaded, as the program ends"),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LoadError::Read(_, error) => Some(error),
            LoadError::Script(error) | LoadError::NoCheck(error) => Some(error),
            LoadError::NotRun => None,
        }
    }
}
