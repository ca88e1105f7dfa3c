//! A component that can be replaced while it serves.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Instant, SystemTime};

use anyhow::Context as _;
use wasmtime::Engine;
use wasmtime::component::Linker;
use wasmtime_wasi_http::handler::{ProxyHandler, ProxyPre};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::engine::Cache;
use crate::host::{Grants, Guest};
use crate::instance::Instances;
use crate::limits::Limits;

/// Told what is being done and, once done, how long it took.
pub(crate) type Progress<'p> = &'p (dyn Fn(&str) + Sync);

pub(super) type Handler = ProxyHandler<Instances>;

/// A component: its file, and what was last loaded from it.
pub(super) struct Component {
    file: PathBuf,
    grants: Arc<Grants>,
    engine: Engine,
    linker: Linker<Guest>,
    cache: Arc<Cache>,
    limits: Limits,
    current: RwLock<Current>,
    /// What the file looked like when it was last tried.
    tried: Mutex<Option<Look>>,
}

struct Current {
    handler: Handler,
    hash: String,
}

type Look = (SystemTime, u64);

impl Component {
    pub(super) fn load(
        file: PathBuf,
        grants: Arc<Grants>,
        engine: Engine,
        linker: Linker<Guest>,
        cache: Arc<Cache>,
        limits: &Limits,
        progress: Progress<'_>,
    ) -> anyhow::Result<Self> {
        let look = look(&file);
        let began = Instant::now();
        let loaded =
            cache.load(&engine, &file).with_context(|| format!("component `{}`", grants.component))?;
        if !loaded.cached {
            progress(&format!("compiled {} in {:.1} s", grants.component, began.elapsed().as_secs_f32()));
        }
        let pre = link(&linker, &loaded.component, &file, &grants)?;
        let instances = Instances::new(engine.clone(), pre, grants.clone(), limits.clone());
        let current = Current { handler: ProxyHandler::new(instances), hash: loaded.hash };
        Ok(Self {
            file,
            grants,
            engine,
            linker,
            cache,
            limits: limits.clone(),
            current: RwLock::new(current),
            tried: Mutex::new(look),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.grants.component
    }

    pub(super) fn handler(&self) -> Handler {
        self.current.read().unwrap_or_else(PoisonError::into_inner).handler.clone()
    }

    /// Takes over the file's content if it changed; requests under way end where they began.
    ///
    /// A file that can't be loaded, such as one half written, leaves the component as it was.
    pub(super) fn reload(&self) -> bool {
        let seen = look(&self.file);
        {
            let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.is_none() || *tried == seen {
                return false;
            }
            *tried = seen;
        }
        match self.replace() {
            Ok(changed) => changed,
            Err(error) => {
                let cause = format!("{error:#}");
                self.grants
                    .log
                    .line("error", &[("component", &self.grants.component), ("not_reloaded", &cause)]);
                false
            }
        }
    }

    fn replace(&self) -> anyhow::Result<bool> {
        let loaded = self.cache.load(&self.engine, &self.file)?;
        if loaded.hash == self.current.read().unwrap_or_else(PoisonError::into_inner).hash {
            return Ok(false);
        }
        let pre = link(&self.linker, &loaded.component, &self.file, &self.grants)?;
        let instances = Instances::new(self.engine.clone(), pre, self.grants.clone(), self.limits.clone());
        let next = Current { handler: ProxyHandler::new(instances), hash: loaded.hash };
        let last =
            std::mem::replace(&mut *self.current.write().unwrap_or_else(PoisonError::into_inner), next);
        last.handler.state().retire();
        self.grants
            .log
            .line("info", &[("component", &self.grants.component), ("reloaded", &self.file.display())]);
        Ok(true)
    }
}

fn look(file: &Path) -> Option<Look> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn link(
    linker: &Linker<Guest>,
    component: &wasmtime::component::Component,
    file: &Path,
    grants: &Grants,
) -> anyhow::Result<ProxyPre<Guest>> {
    let place = || format!("component `{}` ({})", grants.component, file.display());
    let pre = linker.instantiate_pre(component).map_err(|error| {
        anyhow::anyhow!("{} imports what the local runtime doesn't have: {error:#}", place())
    })?;
    let pre = ServicePre::new(pre)
        .map_err(|error| anyhow::anyhow!("{} exports no wasi:http/handler@0.3: {error:#}", place()))?;
    Ok(ProxyPre::P3(pre))
}
