//! What a host function knows of the call that it serves.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Values that the host keeps with a sandbox for its host functions, one of each type.
#[derive(Clone, Default)]
pub(crate) struct Data {
    /// Most sandboxes have none.
    values: Option<Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
}

impl Data {
    pub fn insert<T: Any + Send + Sync>(&mut self, value: T) {
        let values = self.values.get_or_insert_default();
        Arc::make_mut(values).insert(TypeId::of::<T>(), Arc::new(value));
    }

    fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.values.as_ref()?.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

/// The call that a host function serves.
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// struct User(String);
///
/// let engine = Engine::new()?;
/// let mut sandbox = Sandbox::builder(&engine)
///     .function("user", |ctx, ()| Ok::<_, String>(ctx.data::<User>().map(|user| user.0.clone())))
///     .build()?;
/// sandbox.set_data(User("ana".to_string()));
/// let rule = sandbox.load(&Script::new("rule", "return 'hello, ' .. user()"))?;
/// assert_eq!(sandbox.call::<String>(&rule, ())?, "hello, ana");
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Context {
    pub(crate) name: Arc<str>,
    pub(crate) data: Data,
    pub(crate) deadline: Option<Instant>,
}

impl Context {
    /// The name under which the function was registered.
    pub fn function_name(&self) -> &str {
        &self.name
    }

    /// A value that was handed to the sandbox with
    /// [`Sandbox::set_data`](crate::Sandbox::set_data) or
    /// [`SandboxBuilder::data`](crate::SandboxBuilder::data).
    pub fn data<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.data.get()
    }

    /// How long the sandbox may still run; `None` without a deadline. The time that a
    /// host function takes counts, so it can give this on to what it waits for.
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("function_name", &self.name).finish_non_exhaustive()
    }
}
