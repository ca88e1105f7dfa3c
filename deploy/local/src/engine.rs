//! The Wasmtime engine, and compiled components kept on disk.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How often a running guest gives way, and so how exactly time limits are kept.
pub(crate) const TICK: Duration = Duration::from_millis(10);
/// The most instances of all components together.
const MAX_INSTANCES: u32 = 1000;

/// An engine for components that may use `memory` bytes each.
pub(crate) fn engine(memory: usize) -> anyhow::Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model_async(true).epoch_interruption(true);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(MAX_INSTANCES)
        .total_core_instances(MAX_INSTANCES * 4)
        .total_memories(MAX_INSTANCES)
        .total_tables(MAX_INSTANCES * 4)
        .total_stacks(MAX_INSTANCES)
        .max_memory_size(memory)
        .max_unused_warm_slots(16);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config).or_else(|_| {
        // Where address space is rationed there is none to set aside for a pool.
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        Engine::new(&config)
    });
    let engine = engine.map_err(|error| anyhow::anyhow!("can't set up the Wasm engine: {error:#}"))?;
    let ticking = engine.weak();
    std::thread::Builder::new().name("epoch".to_owned()).spawn(move || {
        while let Some(engine) = ticking.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(engine)
}

/// A component as it was loaded, and the hash of its Wasm.
pub(crate) struct Loaded {
    pub(crate) component: Component,
    pub(crate) hash: String,
    /// Whether it had been compiled before.
    pub(crate) cached: bool,
}

/// Compiled components in a folder of their owner's alone.
///
/// A file's name says what it was made from: the Wasm, and the engine's version and settings. Its own hash is kept
/// beside it, because running a damaged one would be running anything at all.
pub(crate) struct Cache(PathBuf);

impl Cache {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Removes all but the newest; one that is needed again is compiled again.
    fn forget_old(&self) {
        let Ok(entries) = std::fs::read_dir(&self.0) else { return };
        let mut files: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "cwasm"))
            .filter_map(|path| Some((std::fs::metadata(&path).ok()?.modified().ok()?, path)))
            .collect();
        files.sort();
        for (_, file) in files.iter().rev().skip(KEPT) {
            // Another process may have been quicker.
            let _ = std::fs::remove_file(file);
            let _ = std::fs::remove_file(seal(file));
        }
    }

    /// Loads the Wasm file at `path`, compiling it only if need be.
    pub(crate) fn load(&self, engine: &Engine, path: &Path) -> anyhow::Result<Loaded> {
        let wasm = std::fs::read(path).with_context(|| {
            format!("can't read the component {}; was it built? (`minzheng build`)", path.display())
        })?;
        let hash = hash(&wasm);
        let file = self.0.join(format!("{hash}-{:016x}.cwasm", settings(engine)));
        if let Some(component) = known(engine, &file) {
            return Ok(Loaded { component, hash, cached: true });
        }
        let compiled = engine
            .precompile_component(&wasm)
            .map_err(|error| anyhow::anyhow!("{} is no component that runs: {error:#}", path.display()))?;
        crate::files::write_private(&file, &compiled, true)?;
        crate::files::write_private(&seal(&file), hash_text(&compiled).as_bytes(), true)?;
        self.forget_old();
        let component = known(engine, &file)
            .with_context(|| format!("the compiled component {} can't be loaded", file.display()))?;
        Ok(Loaded { component, hash, cached: false })
    }
}

/// How many compiled components are kept: those of a few dozen builds.
const KEPT: usize = 48;

/// The compiled component in `file`, if it is whole.
fn known(engine: &Engine, file: &Path) -> Option<Component> {
    let expected = std::fs::read_to_string(seal(file)).ok()?;
    let compiled = std::fs::read(file).ok()?;
    if hash_text(&compiled) != expected {
        return None;
    }
    load_compiled(engine, file)
}

#[expect(unsafe_code, reason = "loading machine code is unsafe by nature")]
fn load_compiled(engine: &Engine, file: &Path) -> Option<Component> {
    // SAFETY: this program wrote the file into a folder of its owner's alone, and its hash was just checked.
    unsafe { Component::deserialize_file(engine, file) }.ok()
}

fn seal(file: &Path) -> PathBuf {
    file.with_extension("sha256")
}

fn hash(bytes: &[u8]) -> String {
    let mut text = hash_text(bytes);
    text.truncate(32);
    text
}

fn hash_text(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn settings(engine: &Engine) -> u64 {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}
