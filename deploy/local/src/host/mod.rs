//! What a component finds outside of itself: Spin's interfaces and the store data behind them.

mod key_value;
mod outgoing;
mod rows;
mod sqlite;
mod stdio;
mod variables;

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime::{Engine, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::log::Log;
use crate::manifest::AllowedHost;
use crate::stores::Stores;

pub(crate) use bindings::spin::sqlite::sqlite::{RowResult, Value};
use outgoing::Outgoing;
pub(crate) use outgoing::{Call, Callee};

mod bindings {
    wasmtime::component::bindgen!({
        world: "imports",
        path: "wit",
        imports: { default: async | trappable },
        with: {
            "spin:key-value/key-value.store": crate::stores::KeyValue,
            "spin:sqlite/sqlite.connection": super::sqlite::Connection,
        },
    });
}

/// What one component may see and do.
pub(crate) struct Grants {
    pub(crate) component: String,
    pub(crate) databases: Vec<String>,
    pub(crate) key_value_stores: Vec<String>,
    pub(crate) outbound: Vec<AllowedHost>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) callee: Arc<dyn Callee>,
    pub(crate) log: Log,
}

/// The host's side of one instance.
pub(crate) struct Guest {
    grants: Arc<Grants>,
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outgoing: Outgoing,
    pub(crate) limits: StoreLimits,
}

impl Guest {
    /// A guest that may use `memory` bytes.
    pub(crate) fn new(grants: &Arc<Grants>, memory: usize) -> Self {
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdout(stdio::Lines::new(grants, "stdout"));
        wasi.stderr(stdio::Lines::new(grants, "stderr"));
        for (name, value) in &grants.environment {
            wasi.env(name, value);
        }
        Self {
            grants: grants.clone(),
            table: ResourceTable::new(),
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            outgoing: Outgoing::new(grants),
            limits: StoreLimitsBuilder::new().memory_size(memory).trap_on_grow_failure(true).build(),
        }
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outgoing, table: &mut self.table, ctx: &mut self.http }
    }
}

/// What the host functions borrow from the store.
pub(crate) struct Borrowed<'g> {
    grants: &'g Arc<Grants>,
    table: &'g mut ResourceTable,
}

/// Names [`Borrowed`] for Wasmtime.
pub(crate) struct Host;

impl HasData for Host {
    type Data<'g> = Borrowed<'g>;
}

fn borrow(guest: &mut Guest) -> Borrowed<'_> {
    Borrowed { grants: &guest.grants, table: &mut guest.table }
}

/// Everything a component may import.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    // Rust's standard library still imports WASI 0.2 in places.
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    bindings::Imports::add_to_linker::<_, Host>(&mut linker, borrow)?;
    Ok(linker)
}
