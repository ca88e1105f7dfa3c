//! `spin:key-value@3.0.0`.

use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::bindings::spin::key_value::key_value::{self, Error};
use super::rows::{answer_rows, future};
use super::{Borrowed, Host, RowResult, Value};
use crate::sqlite::{End, Rows};
use crate::stores::KeyValue;

impl key_value::Host for Borrowed<'_> {}

impl key_value::HostStore for Borrowed<'_> {
    async fn drop(&mut self, store: Resource<KeyValue>) -> wasmtime::Result<()> {
        self.table.delete(store)?;
        Ok(())
    }
}

fn store<T>(accessor: &Accessor<T, Host>, store: &Resource<KeyValue>) -> wasmtime::Result<KeyValue> {
    accessor.with(|mut access| Ok(access.get().table.get(store)?.clone()))
}

impl<T: 'static> key_value::HostStoreWithStore<T> for Host {
    async fn open(
        accessor: &Accessor<T, Self>,
        label: String,
    ) -> wasmtime::Result<Result<Resource<KeyValue>, Error>> {
        let opened = accessor.with(|mut access| {
            let host = access.get();
            if !host.grants.key_value_stores.contains(&label) {
                return Err(Error::AccessDenied);
            }
            match host.grants.stores.key_value(&label) {
                Ok(found) => found.ok_or(Error::NoSuchStore),
                Err(error) => Err(Error::Other(format!("{error:#}"))),
            }
        });
        let store = match opened {
            Ok(store) => store,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(message) = store.prepare().await {
            return Ok(Err(Error::Other(message)));
        }
        Ok(Ok(accessor.with(|mut access| access.get().table.push(store))?))
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        resource: Resource<KeyValue>,
        key: String,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        let store = store(accessor, &resource)?;
        Ok(store.get(key).await.map_err(Error::Other))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        resource: Resource<KeyValue>,
        key: String,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        let store = store(accessor, &resource)?;
        Ok(store.set(key, value).await.map_err(Error::Other))
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        resource: Resource<KeyValue>,
        key: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        let store = store(accessor, &resource)?;
        Ok(store.delete(key).await.map_err(Error::Other))
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        resource: Resource<KeyValue>,
        key: String,
    ) -> wasmtime::Result<Result<bool, Error>> {
        let store = store(accessor, &resource)?;
        Ok(store.exists(key).await.map_err(Error::Other))
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        resource: Resource<KeyValue>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let store = store(accessor, &resource)?;
        let (rows, end) = match store.keys().await {
            Ok(answer) => (answer.rows, answer.end),
            Err(message) => (Rows::Ready(Vec::new()), End::Ready(Err(message))),
        };
        accessor.with(|mut access| {
            let keys = answer_rows(&mut access, rows, key)?;
            Ok((keys, future(&mut access, end, Error::Other)?))
        })
    }
}

fn key(row: RowResult) -> String {
    match row.values.into_iter().next() {
        Some(Value::Text(key)) => key,
        _ => String::new(),
    }
}
